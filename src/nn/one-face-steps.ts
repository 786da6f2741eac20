import { type LayerDescription, sizeOf } from '../network/describe.ts';
import {
  alikeSteps,
  cropOf,
  type Inputs,
  type Outputs,
  sumSteps,
  windowOf,
  withHalo,
} from './forward-steps.ts';
import type { LayerGraph } from './layer-graph.ts';
import { type Halo, LANES, type Layout, NO_HALO, padToLanes, type Tensor } from './layout.ts';
import type { Parameter, ParameterPlan } from './parameters.ts';
import { outputHalo } from './placement.ts';
import { type Arguments, batch, block, type Step } from './program.ts';

/** The steps that predict one face, in which a lane is a channel. */
export interface OneFaceSteps {
  /** To run after each change of the weights. */
  readonly prepare: readonly Step[];
  readonly predict: readonly Step[];
  /** Class probabilities, side by side. */
  readonly probabilities: Tensor;
}

/**
 * Builds the steps that predict the first sample of `inputs`. They give the bits that a block of samples gives, since every
 * sum keeps its terms and their order (kernels/one_face.c).
 */
export function oneFaceSteps(
  graph: LayerGraph,
  layout: Layout,
  parameters: ParameterPlan,
  inputs: Inputs,
): OneFaceSteps {
  const outputs = new ChannelLanes(graph, layout);
  const prepared = new PreparedWeights(layout, parameters);
  const pass = { graph, outputs, parameters, inputs, prepared, padded: new Map() };
  const steps = graph.layers.flatMap((described) => layerSteps(pass, described));
  const logits = outputs.tensor(graph.output);
  const probabilities = outputs.another(graph.output);
  const classes = graph.get(graph.output).output.channels;
  return {
    prepare: prepared.steps,
    predict: [...steps, block('softmax_one', { logits, probabilities, classes })],
    probabilities,
  };
}

/** Everything that it takes to build the steps. */
interface OneFacePass {
  readonly graph: LayerGraph;
  readonly outputs: Outputs;
  readonly parameters: ParameterPlan;
  readonly inputs: Inputs;
  readonly prepared: PreparedWeights;
  readonly padded: Map<string, Tensor>;
}

/** Places the outputs of layers with LANES channels to a position. */
class ChannelLanes implements Outputs {
  readonly #graph: LayerGraph;
  readonly #layout: Layout;
  readonly #tensors = new Map<string, Tensor>();

  constructor(graph: LayerGraph, layout: Layout) {
    this.#graph = graph;
    this.#layout = layout;
  }

  tensor(name: string): Tensor {
    const fused = this.#graph.fusedNormalization(name) ?? this.#graph.fusedRelu(name);
    if (fused) return this.tensor(fused.name);
    const placed = this.#tensors.get(name) ?? this.another(name, this.#haloOf(name));
    this.#tensors.set(name, placed);
    return placed;
  }

  another(name: string, halo: Halo = NO_HALO): Tensor {
    const { output } = this.#graph.get(name);
    return this.#layout.tensor({ ...output, channels: padToLanes(output.channels) / LANES }, false, halo);
  }

  /** Single positions lie side by side, as dense layers read them. */
  #haloOf(name: string): Halo {
    const { height, width } = this.#graph.get(name).output;
    return height === 1 && width === 1 ? NO_HALO : outputHalo(this.#graph, name);
  }
}

/** What is made of the weights after each change of them. Layers that share theirs share it too. */
class PreparedWeights {
  readonly steps: Step[] = [];
  readonly #layout: Layout;
  readonly #parameters: ParameterPlan;
  readonly #known = new Map<number, number>();

  constructor(layout: Layout, parameters: ParameterPlan) {
    this.#layout = layout;
    this.#parameters = parameters;
  }

  /** Returns the offset of a convolution's weights as [group of filters][tap][lane]. */
  spreadFilters(layer: string, filters: number, taps: number): number {
    return this.#offsetOf(layer, 'weights', padToLanes(filters) * taps, (weights, spread) =>
      batch('spread_filters', { weights, spread, filters, taps }),
    );
  }

  /** Returns the offset of the factors of a normalisation, which its terms follow. */
  scales(layer: string, channels: number): number {
    const at = (role: Parameter['role']) => this.#parameters.offsetOf(layer, role);
    return this.#offsetOf(layer, 'gamma', 2 * padToLanes(channels), (gamma, scales) => {
      const others = { beta: at('beta'), mean: at('mean'), variance: at('variance') };
      return batch('normalization_scales', { scales, channels, gamma, ...others });
    });
  }

  #offsetOf(layer: string, role: Parameter['role'], words: number, step: (from: number, to: number) => Step) {
    const source = this.#parameters.offsetOf(layer, role);
    const known = this.#known.get(source);
    if (known !== undefined) return known;
    const offset = this.#layout.reserve(words);
    this.steps.push(step(source, offset));
    this.#known.set(source, offset);
    return offset;
  }
}

function layerSteps(pass: OneFacePass, described: LayerDescription): Step[] {
  const { layer, inputs, output } = described;
  const { graph, outputs, prepared } = pass;
  const out = outputs.tensor(layer.name);
  switch (layer.kind) {
    case 'crop':
      return [block('crop_one', { out, frame: pass.inputs.frames, ...cropOf(layer, pass.inputs) })];
    case 'conv2d':
    case 'depthwise-conv2d': {
      const [{ channels }] = inputs;
      const [input, copies] = withHalo(pass, layer, described);
      const [height, width] = layer.kernel;
      const taps = (layer.kind === 'conv2d' ? channels : 1) * height * width;
      const weights = prepared.spreadFilters(layer.name, output.channels, taps);
      const sizes = {
        inputs: channels,
        filters: output.channels,
        ...windowOf(layer.kernel, layer, inputs[0]),
      };
      const name = layer.kind === 'conv2d' ? 'conv2d_one' : 'depthwise_conv2d_one';
      return [...copies, block(name, { in: input, out, ...sizes, ...finishOf(pass, described), weights })];
    }
    case 'dense': {
      const weights = pass.parameters.offsetOf(layer.name, 'weights');
      const values = { weights, inputs: sizeOf(inputs[0]), ...finishOf(pass, described) };
      return [block('dense_one', { in: outputs.tensor(layer.input), out, ...values })];
    }
    case 'batch-normalization': {
      if (graph.fusedNormalization(layer.input)) return [];
      const scales = prepared.scales(layer.name, output.channels);
      const relu = graph.fusedRelu(layer.name) !== undefined;
      return [block('normalize_one', { in: outputs.tensor(layer.input), out, scales, relu })];
    }
    case 'add':
      return sumSteps(outputs, layer.inputs, out, graph.fusedRelu(layer.name) !== undefined);
    case 'concatenate': {
      let first = 0;
      return layer.inputs.map((name, i) => {
        const { channels } = inputs[i];
        first += channels;
        return block('concatenate_one', { in: outputs.tensor(name), out, channels, first: first - channels });
      });
    }
    case 'flatten':
      return [block('flatten_one', { in: outputs.tensor(layer.input), out, channels: inputs[0].channels })];
    case 'dropout':
      return []; // inference has none
    default:
      return alikeSteps(outputs, layer, inputs);
  }
}

/** The bias of a layer, and the normalisation and the ReLU that its step applies. */
function finishOf(
  { graph, parameters, prepared }: OneFacePass,
  { layer, output }: LayerDescription,
): Pick<Arguments<'dense_one'>, 'bias' | 'scales' | 'relu'> {
  const normalization = graph.fusedNormalization(layer.name);
  return {
    bias: parameters.offsetOf(layer.name, 'bias'),
    scales: normalization ? prepared.scales(normalization.name, output.channels) : -1,
    relu: graph.fusedRelu(normalization?.name ?? layer.name) !== undefined,
  };
}
