import type { LayerDescription, Shape } from '../network/describe.ts';
import type {
  BatchNormalizationLayer,
  Conv2dLayer,
  CropLayer,
  DenseLayer,
  DepthwiseConv2dLayer,
  LayerSpec,
  MergeLayer,
} from '../network/spec.ts';
import { copySteps, dropoutStep, type Pass, windowOf } from './forward-steps.ts';
import { GradientTensors } from './gradient-tensors.ts';
import { LaneSums } from './lane-sums.ts';
import { type Halo, halosCover, LANES, type Layout, padToLanes, type Tensor } from './layout.ts';
import type { ParameterPlan } from './parameters.ts';
import { gradientHalo, type Placement } from './placement.ts';
import { batch, block, blockOrBatch, type Step, type Window } from './program.ts';
import { gradientSuitsWinograd, suitsWinograd, type Winograd } from './winograd.ts';

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

class Backward {
  readonly #pass: BackwardPass;
  readonly #laneSums: LaneSums;
  readonly #transposed: TransposedWeights;
  readonly #gradients: GradientTensors;

  constructor(pass: BackwardPass) {
    this.#pass = pass;
    this.#laneSums = new LaneSums(pass.layout, pass.gradientShift);
    // Threads put sums over blocks off, which still read the gradients then.
    this.#gradients = new GradientTensors(pass.graph, pass.gradients, !pass.shared);
    this.#transposed = new TransposedWeights(pass.layout);
  }

  build(): BackwardSteps {
    const layers = [...this.#pass.graph.layers.entries()].reverse();
    const steps = layers.flatMap(([index, described]) => this.#layer(described, index));
    const before = [...this.#laneSums.zeros(), ...this.#transposed.steps];
    return { before, steps, after: this.#laneSums.reductions() };
  }

  #layer(described: LayerDescription, index: number): Step[] {
    const { layer } = described;
    if (layer.kind === 'crop' || !this.#pass.graph.learns(layer.name)) return [];
    const dy = this.#gradients.of(layer.name);
    const sum = this.#gradients.sumSteps(layer.name);
    const out = this.#pass.outputs.tensor(layer.name);
    const steps =
      'inputs' in layer
        ? [...this.#mask(layer, out, dy), ...this.#merge(layer, dy)]
        : this.#toInput(layer, described, index, out, dy);
    this.#gradients.done(layer.name);
    return [...sum, ...steps];
  }

  #toInput(
    layer: Exclude<LayerSpec, CropLayer | MergeLayer>,
    described: LayerDescription,
    index: number,
    out: Tensor,
    dy: Tensor,
  ): Step[] {
    const { graph, outputs, choices } = this.#pass;
    const [input] = described.inputs;
    const x = outputs.tensor(layer.input);
    const learns = graph.learns(layer.input);
    const needed = (step: (dx: Tensor) => Step): Step[] =>
      learns ? [step(this.#gradients.target(layer.input))] : [];
    const replaced = (step: (dx: Tensor) => Step[]): Step[] =>
      learns ? step(this.#gradients.replacing(layer.name, layer.input)) : [];
    switch (layer.kind) {
      case 'conv2d':
      case 'depthwise-conv2d':
        return [...this.#mask(layer, out, dy), ...this.#convolution(layer, described, dy)];
      case 'dense':
        return [...this.#mask(layer, out, dy), ...this.#dense(layer, x, dy)];
      case 'relu':
        if (graph.fusedRelu(layer.input)) return [];
        return replaced((dx) => [block('relu_gradient', { out, dy, dx })]);
      case 'max-pool': {
        const choice = choices?.get(layer.name) as Tensor;
        const window = windowOf(layer.size, layer, input);
        return needed((dx) => block('max_pool_gradient', { choice, dy, dx, ...window }));
      }
      case 'average-pool': {
        const window = windowOf(layer.size, layer, input);
        return needed((dx) => block('average_pool_gradient', { dy, dx, ...window }));
      }
      case 'resize':
        return needed((dx) => block('resize_gradient', { dy, dx }));
      case 'global-average-pool':
        return needed((dx) => block('global_average_pool_gradient', { dy, dx }));
      case 'batch-normalization':
        return this.#normalization(layer, x, dy);
      case 'dropout':
        return replaced((dx) => [dropoutStep(this.#pass, layer.rate, index, dy, dx)]);
      case 'quantize':
        return replaced((dx) => copySteps(dy, dx));
      case 'flatten':
        return learns ? copySteps(dy, this.#gradients.target(layer.input)) : [];
    }
  }

  /** Returns the fused ReLU of a layer, unless the gradient of the max-pooling behind it is masked already. */
  #unmasked(name: string): LayerSpec | undefined {
    const relu = this.#pass.graph.fusedRelu(name);
    return relu && this.#pass.graph.pooledRelu(relu.name) ? undefined : relu;
  }

  /** Applies a fused ReLU's gradient in place. */
  #mask(layer: LayerSpec, out: Tensor, dy: Tensor): Step[] {
    return this.#unmasked(layer.name) ? [block('relu_gradient', { out, dy, dx: dy })] : [];
  }

  #merge(layer: MergeLayer, dy: Tensor): Step[] {
    let first = 0;
    return layer.inputs.flatMap((name) => {
      const { channels } = this.#pass.graph.get(name).output;
      const part = first;
      first += channels;
      if (!this.#pass.graph.learns(name)) return [];
      if (layer.kind === 'add') return this.#gradients.lend(dy, name);
      return copySteps(this.#gradients.channels(dy, part, channels), this.#gradients.target(name));
    });
  }

  #convolution(layer: Conv2dLayer | DepthwiseConv2dLayer, described: LayerDescription, dy: Tensor): Step[] {
    const { inputs, output } = described;
    const { parameters, outputs, padded, graph } = this.#pass;
    const weights = parameters.offsetOf(layer.name, 'weights');
    const window = windowOf(layer.kernel, layer, inputs[0]);
    const x = padded.get(layer.name) ?? outputs.tensor(layer.input);
    const steps = [this.#weightGradient(layer, x, dy, weights, window)];
    if (layer.bias) {
      const bias = this.#laneSums.of(parameters.offsetOf(layer.name, 'bias'), output.channels);
      steps.push(block('bias_gradient', { dy, lanes: bias }));
    }
    if (!graph.learns(layer.input)) return steps;
    const dx = this.#gradients.target(layer.input);
    const halo = gradientHalo(graph, layer.name);
    const pass = {
      parameters,
      gradients: this.#gradients,
      transposed: this.#transposed,
      winograd: suitsWinograd(described) ? this.#pass.winograd : undefined,
    };
    return [...steps, ...convolutionInputSteps(pass, layer, inputs[0], dy, dx, halo)];
  }

  #weightGradient(
    layer: Conv2dLayer | DepthwiseConv2dLayer,
    x: Tensor,
    dy: Tensor,
    weights: number,
    window: Window,
  ): Step {
    const { winograd, graph } = this.#pass;
    // Layers that share weights add to the same sums, so the first one's shape decides for all.
    if (winograd && gradientSuitsWinograd(graph.get(layer.shares ?? layer.name))) {
      const sums = this.#laneSums.ofProducts(weights, dy.channels, x.channels);
      return winograd.weightGradient(x, dy, sums, window);
    }
    const taps = window.height * window.width;
    const filter = layer.kind === 'conv2d' ? taps * x.channels : taps;
    const lanes = this.#laneSums.of(weights, dy.channels * filter);
    const name = layer.kind === 'conv2d' ? 'conv2d_weight_gradient' : 'depthwise_conv2d_weight_gradient';
    return block(name, { in: x, dy, lanes, ...window });
  }

  #dense(layer: DenseLayer, x: Tensor, dy: Tensor): Step[] {
    const { parameters, gradientShift, layout, graph, perBlock, shared } = this.#pass;
    const weights = parameters.offsetOf(layer.name, 'weights');
    const bias = parameters.offsetOf(layer.name, 'bias');
    const scratch = layout.reserve((perBlock ? layout.blocks : 1) * LANES * padToLanes(layer.units));
    const gradient = weights + gradientShift;
    const bias_gradient = bias < 0 ? -1 : bias + gradientShift;
    const values = { in: x, dy, gradient, bias_gradient, scratch };
    const steps = [blockOrBatch('dense_weight_gradient', perBlock, values)];
    if (!graph.learns(layer.input)) return steps;
    const dx = this.#gradients.target(layer.input);
    return [...steps, blockOrBatch('dense_input_gradient', perBlock && !shared, { dy, dx, weights })];
  }

  #normalization(layer: BatchNormalizationLayer, x: Tensor, dy: Tensor): Step[] {
    const { parameters, gradientShift } = this.#pass;
    const gamma = parameters.offsetOf(layer.name, 'gamma');
    const beta = parameters.offsetOf(layer.name, 'beta');
    const relu = this.#unmasked(layer.name) !== undefined;
    const dx = this.#gradients.replacing(layer.name, layer.input);
    const { channels } = x;
    const statistics = this.#pass.statisticsOf(layer.name);
    const values = { in: x, dy, dx, statistics, gamma, beta, relu };
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
    readonly gradients: Pick<Placement, 'another'>;
    readonly transposed: TransposedWeights;
    /** Present if the layer takes this form. */
    readonly winograd?: Winograd;
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
  if (pass.winograd) {
    return [...copySteps(dy, wide), pass.winograd.inputGradient(wide, dx, weights, window)];
  }
  const transposed = layer.stride === 1 ? pass.transposed.of(layer, weights, input.channels) : -1;
  const step = block('conv2d_input_gradient', { dy: wide, dx, weights, transposed, ...window });
  return [...copySteps(dy, wide), step];
}
