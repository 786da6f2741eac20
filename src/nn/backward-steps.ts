import type { LayerDescription, Shape } from '../network/describe.ts';
import type { Conv2dLayer, DepthwiseConv2dLayer, LayerSpec } from '../network/spec.ts';
import { addSteps, copySteps, dropoutStep, type Pass, windowOf } from './forward-steps.ts';
import type { LayerGraph } from './layer-graph.ts';
import { type Halo, halosCover, LANES, type Layout, NO_HALO, padToLanes, type Tensor } from './layout.ts';
import type { ParameterPlan } from './parameters.ts';
import { inputHalo, type Placement } from './placement.ts';
import { batch, block, type Step } from './program.ts';

/** A gradient that the batch sums lane by lane and reduces at its end. The fields are the arguments of `reduce_lanes`. */
interface LaneSum {
  readonly lanes: number;
  readonly gradient: number;
  readonly count: number;
}

/** Everything that a backward pass adds to its forward pass. */
export interface BackwardPass extends Pass {
  readonly layout: Layout;
  /** Places the gradients of the outputs. */
  readonly gradients: Placement;
  /** Distance from a parameter to its gradient in the arena. */
  readonly gradientShift: number;
}

/** The steps of a backward pass: before the first block, for the gradients, and at the end of the batch. */
export interface BackwardSteps {
  readonly before: readonly Step[];
  readonly steps: readonly Step[];
  readonly after: readonly Step[];
}

/** Builds the steps that compute every parameter's gradient from the gradient of the last layer's output. */
export function backwardSteps(pass: BackwardPass): BackwardSteps {
  return new Backward(pass).build();
}

/**
 * Returns the halo of zeros that the input gradient of a stride-1 convolution reads around its output's gradient.
 *
 * @param wanted whether a layer's output needs a gradient
 */
export function gradientHalo(
  graph: LayerGraph,
  name: string,
  wanted: (name: string) => boolean = (other) => graph.learns(other),
): Halo {
  const { layer, inputs } = graph.get(name);
  if (layer.kind === 'relu') {
    return graph.fusedRelu(layer.input) ? gradientHalo(graph, layer.input, wanted) : NO_HALO;
  }
  if (layer.kind !== 'conv2d' || layer.stride !== 1 || !wanted(layer.input)) return NO_HALO;
  const [height, width] = layer.kernel;
  const { before, after } = inputHalo(layer, inputs[0]);
  const rest = ([y, x]: readonly [number, number]) => [height - 1 - y, width - 1 - x] as const;
  return { before: rest(before), after: rest(after) };
}

class Backward {
  readonly #pass: BackwardPass;
  readonly #laneSums = new Map<number, LaneSum>();
  readonly #transposed: TransposedWeights;
  /** Gradients of outputs that several layers read: one tensor for each reader, summed before use. */
  readonly #shares = new Map<string, Tensor[]>();

  constructor(pass: BackwardPass) {
    this.#pass = pass;
    this.#transposed = new TransposedWeights(pass.layout);
  }

  build(): BackwardSteps {
    const layers = [...this.#pass.graph.layers.entries()].reverse();
    const steps = layers.flatMap(([index, described]) => this.#layer(described, index));
    const sums = [...this.#laneSums.values()];
    const zeros = sums.map(({ lanes, count }) => batch('fill_zero', { offset: lanes, count: count * LANES }));
    const reductions = sums.map((sum) => batch('reduce_lanes', sum));
    return { before: [...zeros, ...this.#transposed.steps], steps, after: reductions };
  }

  #layer(described: LayerDescription, index: number): Step[] {
    const { layer, inputs } = described;
    const { graph, outputs, gradients } = this.#pass;
    if (layer.kind === 'crop' || !graph.learns(layer.name)) return [];
    const dy = gradients.tensor(layer.name);
    const sum = addSteps(this.#shares.get(layer.name) ?? [dy], dy);
    const out = outputs.tensor(layer.name);
    if ('inputs' in layer) return [...sum, ...this.#merge(layer, dy)];
    const dx = graph.learns(layer.input) ? this.#target(layer.input) : undefined;
    const x = outputs.tensor(layer.input);
    const needed = (step: (target: Tensor) => Step): Step[] => (dx ? [step(dx)] : []);
    const toInput = (): Step[] => {
      switch (layer.kind) {
        case 'conv2d':
        case 'depthwise-conv2d':
          return [...this.#mask(layer, out, dy), ...this.#convolution(layer, described, dy, dx)];
        case 'dense':
          return [...this.#mask(layer, out, dy), ...this.#dense(layer, x, dy, dx)];
        case 'relu':
          return graph.fusedRelu(layer.input) ? [] : needed((dx) => block('relu_gradient', { out, dy, dx }));
        case 'max-pool':
        case 'average-pool': {
          const values = { in: x, out, dy, ...windowOf(layer.size, layer, inputs[0]) };
          if (layer.kind === 'average-pool')
            return needed((dx) => block('average_pool_gradient', { ...values, dx }));
          return needed((dx) => block('max_pool_gradient', { ...values, dx, relu: false }));
        }
        case 'resize':
          return needed((dx) => block('resize_gradient', { dy, dx }));
        case 'global-average-pool':
          return needed((dx) => block('global_average_pool_gradient', { dy, dx }));
        case 'batch-normalization':
          return this.#normalization(layer, x, out, dy, dx ?? gradients.another(layer.input));
        case 'dropout':
          return needed((dx) => dropoutStep(this.#pass, layer.rate, index, dy, dx));
        case 'quantize':
        case 'flatten':
          return dx ? copySteps(dy, dx) : [];
      }
    };
    return [...sum, ...toInput()];
  }

  /** Returns the tensor for one reader's share of an output's gradient. */
  #target(name: string): Tensor {
    const { graph, gradients } = this.#pass;
    if (graph.readers(name).length === 1) return gradients.tensor(name);
    const share = gradients.another(name);
    this.#shares.set(name, [...(this.#shares.get(name) ?? []), share]);
    return share;
  }

  /** Applies a fused ReLU's gradient in place. */
  #mask(layer: LayerSpec, out: Tensor, dy: Tensor): Step[] {
    return this.#pass.graph.fusedRelu(layer.name) ? [block('relu_gradient', { out, dy, dx: dy })] : [];
  }

  #merge(layer: LayerSpec & { inputs: readonly string[] }, dy: Tensor): Step[] {
    let first = 0;
    return layer.inputs.flatMap((name) => {
      const { channels } = this.#pass.graph.get(name).output;
      const share = layer.kind === 'add' ? dy : this.#pass.gradients.channels(dy, first, channels);
      first += channels;
      return this.#pass.graph.learns(name) ? copySteps(share, this.#target(name)) : [];
    });
  }

  #convolution(
    layer: Conv2dLayer | DepthwiseConv2dLayer,
    { inputs, output }: LayerDescription,
    dy: Tensor,
    dx: Tensor | undefined,
  ): Step[] {
    const { parameters, outputs, padded, graph } = this.#pass;
    const weights = parameters.offsetOf(layer.name, 'weights');
    const window = windowOf(layer.kernel, layer, inputs[0]);
    const x = padded.get(layer.name) ?? outputs.tensor(layer.input);
    const perFilter = layer.kernel[0] * layer.kernel[1] * (layer.kind === 'conv2d' ? inputs[0].channels : 1);
    const lanes = this.#laneSum(weights, output.channels * perFilter);
    const name = layer.kind === 'conv2d' ? 'conv2d_weight_gradient' : 'depthwise_conv2d_weight_gradient';
    const steps = [block(name, { in: x, dy, lanes, ...window })];
    if (layer.bias) {
      const bias = this.#laneSum(parameters.offsetOf(layer.name, 'bias'), output.channels);
      steps.push(block('bias_gradient', { dy, lanes: bias }));
    }
    if (dx === undefined) return steps;
    const halo = gradientHalo(graph, layer.name);
    const transposed = this.#transposed;
    return [
      ...steps,
      ...convolutionInputSteps({ ...this.#pass, transposed }, layer, inputs[0], dy, dx, halo),
    ];
  }

  #dense(layer: LayerSpec & { kind: 'dense' }, x: Tensor, dy: Tensor, dx: Tensor | undefined): Step[] {
    const { parameters, gradientShift, layout } = this.#pass;
    const weights = parameters.offsetOf(layer.name, 'weights');
    const bias = parameters.offsetOf(layer.name, 'bias');
    const scratch = layout.reserve(LANES * padToLanes(layer.units));
    const gradient = weights + gradientShift;
    const bias_gradient = bias < 0 ? -1 : bias + gradientShift;
    const steps = [block('dense_weight_gradient', { in: x, dy, gradient, bias_gradient, scratch })];
    return dx ? [...steps, block('dense_input_gradient', { dy, dx, weights })] : steps;
  }

  #normalization(
    layer: LayerSpec & { kind: 'batch-normalization' },
    x: Tensor,
    out: Tensor,
    dy: Tensor,
    dx: Tensor,
  ): Step[] {
    const { parameters, gradientShift, graph } = this.#pass;
    const gamma = parameters.offsetOf(layer.name, 'gamma');
    const beta = parameters.offsetOf(layer.name, 'beta');
    const relu = graph.fusedRelu(layer.name) !== undefined;
    const { channels } = x;
    const statistics = this.#pass.statisticsOf(layer.name);
    const values = { in: x, out, dy, dx, statistics, gamma, relu };
    const learnt = {
      statistics,
      channels,
      gamma_gradient: gamma + gradientShift,
      beta_gradient: beta + gradientShift,
    };
    if (layer.statistics === 'block') {
      return [block('block_normalize_gradient', values), block('normalize_parameters_gradient', learnt)];
    }
    return [
      batch('batch_normalize_sums', { ...values, first: 0, end: channels }),
      batch('normalize_parameters_gradient', learnt),
      block('batch_normalize_gradient', values),
    ];
  }

  #laneSum(parameter: number, count: number): number {
    const known = this.#laneSums.get(parameter);
    if (known) return known.lanes;
    const lanes = this.#pass.layout.reserve(count * LANES);
    this.#laneSums.set(parameter, { lanes, gradient: parameter + this.#pass.gradientShift, count });
    return lanes;
  }
}

/** Transposes the weights of convolutions for their input gradients, once for all layers that share them. */
export class TransposedWeights {
  /** Run these after each change of the weights, before other steps read the transposed weights. */
  readonly steps: Step[] = [];
  readonly #layout: Layout;
  readonly #known = new Map<number, number>();

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  of({ kernel: [height, width], filters }: Conv2dLayer, weights: number, channels: number): number {
    const known = this.#known.get(weights);
    if (known !== undefined) return known;
    const transposed = this.#layout.reserve(filters * channels * height * width);
    const sizes = { filters, channels, height, width };
    this.steps.push(batch('conv2d_transpose_weights', { weights, transposed, ...sizes }));
    this.#known.set(weights, transposed);
    return transposed;
  }
}

/** Builds the steps from a convolution's output gradient to its input gradient; `halo` comes from `gradientHalo`. */
export function convolutionInputSteps(
  pass: {
    readonly parameters: ParameterPlan;
    readonly gradients: Placement;
    readonly transposed: TransposedWeights;
  },
  layer: Conv2dLayer | DepthwiseConv2dLayer,
  input: Shape,
  dy: Tensor,
  dx: Tensor,
  halo: Halo,
): Step[] {
  const weights = pass.parameters.offsetOf(layer.name, 'weights');
  const window = windowOf(layer.kernel, layer, input);
  if (layer.kind === 'depthwise-conv2d') {
    return [block('depthwise_conv2d_input_gradient', { dy, dx, weights, ...window })];
  }
  const wide = halosCover(dy.halo, halo) ? dy : pass.gradients.another(layer.name, halo);
  const transposed = layer.stride === 1 ? pass.transposed.of(layer, weights, input.channels) : -1;
  const step = block('conv2d_input_gradient', { dy: wide, dx, weights, transposed, ...window });
  return [...copySteps(dy, wide), step];
}
