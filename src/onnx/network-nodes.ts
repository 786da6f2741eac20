import { describeNetwork, type LayerDescription, type Shape, windowPositions } from '../network/describe.ts';
import type { LayerSpec, Padding, QuantizeLayer, Size } from '../network/spec.ts';
import { tensorsOf } from '../nn/model.ts';
import type { Network } from '../nn/network.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import type { FrameNodes } from './frame-nodes.ts';
import type { Attributes, Graph } from './graph.ts';
import { toIntegers } from './integer-weights.ts';
import { outputAxis, type WeightedLayer } from './weighted-layer.ts';

/** The output of a layer in the graph. */
interface Output {
  readonly name: string;
  /** Whether it is [N][channels] in place of [N][channels][height][width]. */
  readonly flat: boolean;
}

/**
 * Adds the layers of a network, with batch normalisation by its running statistics and without dropout. An output has its
 * layer's name behind `prefix`.
 *
 * @returns the name of the logits, [N][classes]
 * @throws EvopatchError `INVALID_MODEL` if the network's weights are not whole.
 */
export function addNetwork(graph: Graph, frames: FrameNodes, network: Network, prefix: string): string {
  const nodes = new NetworkNodes(graph, frames, tensorsOf(network), prefix);
  const layers = describeNetwork(network.spec);
  for (const described of layers) nodes.add(described);
  return nodes.flat(layers[layers.length - 1].layer.name);
}

class NetworkNodes {
  readonly #graph: Graph;
  readonly #frames: FrameNodes;
  readonly #tensors: ReadonlyMap<string, NamedTensor>;
  readonly #prefix: string;
  readonly #layers = new Map<string, LayerSpec>();
  readonly #outputs = new Map<string, Output>();

  constructor(graph: Graph, frames: FrameNodes, tensors: ReadonlyMap<string, NamedTensor>, prefix: string) {
    this.#graph = graph;
    this.#frames = frames;
    this.#tensors = tensors;
    this.#prefix = prefix;
  }

  add(described: LayerDescription): void {
    const { layer } = described;
    this.#layers.set(layer.name, layer);
    this.#outputs.set(layer.name, this.#layer(described));
  }

  /** Returns a layer's output as [N][channels · height · width]. */
  flat(layer: string): string {
    const { name, flat } = this.#output(layer);
    return flat ? name : this.#graph.node('Flatten', [name], `${name}/flat`, { axis: 1 });
  }

  /** Returns a layer's output as [N][channels][height][width]. */
  #maps(layer: string): string {
    const { name, flat } = this.#output(layer);
    if (!flat) return name;
    const shape = this.#graph.integers(`${name}/shape`, [0, 0, 1, 1]);
    return this.#graph.node('Reshape', [name, shape], `${name}/maps`);
  }

  #output(layer: string): Output {
    return this.#outputs.get(layer) as Output;
  }

  #layer({ layer, inputs: [input], output }: LayerDescription): Output {
    const name = this.#prefix + layer.name;
    const graph = this.#graph;
    const maps = (
      type: string,
      from: string,
      parameters: readonly string[] = [],
      attributes?: Attributes,
    ) => {
      return { name: graph.node(type, [this.#maps(from), ...parameters], name, attributes), flat: false };
    };
    const like = (type: string, from: string, parameters: readonly string[] = []) => {
      const { name: value, flat } = this.#output(from);
      return { name: graph.node(type, [value, ...parameters], name), flat };
    };
    switch (layer.kind) {
      case 'crop':
        return { name: this.#frames.crop(layer, name), flat: false };
      case 'resize': {
        const sizes = graph.integers(`${name}/sizes`, [layer.height, layer.width]);
        return maps('Resize', layer.input, ['', '', sizes], { mode: 'linear', axes: [2, 3] });
      }
      case 'conv2d':
        return maps('Conv', layer.input, this.#learnt(layer), windowOf(layer.kernel, layer, input, output));
      case 'depthwise-conv2d': {
        const window = windowOf(layer.kernel, layer, input, output);
        return maps('Conv', layer.input, this.#learnt(layer), { ...window, group: input.channels });
      }
      case 'dense':
        return {
          name: graph.node('Gemm', [this.flat(layer.input), ...this.#learnt(layer)], name),
          flat: true,
        };
      case 'relu':
        return like('Relu', layer.input);
      case 'max-pool':
        return maps('MaxPool', layer.input, [], windowOf(layer.size, layer, input, output));
      case 'average-pool':
        return maps('AveragePool', layer.input, [], windowOf(layer.size, layer, input, output));
      case 'global-average-pool':
        return maps('GlobalAveragePool', layer.input);
      case 'batch-normalization': {
        const roles = ['gamma', 'beta', 'mean', 'variance'] as const;
        const parameters = roles.map((role) => this.#parameter(layer, role));
        return like('BatchNormalization', layer.input, parameters);
      }
      case 'dropout':
        return this.#output(layer.input);
      case 'quantize':
        return this.#rounded(layer, name);
      case 'add':
        return this.#merge(layer.inputs.length === 2 ? 'Add' : 'Sum', layer.inputs, name);
      case 'concatenate':
        return this.#merge('Concat', layer.inputs, name, { axis: 1 });
      case 'flatten':
        return { name: this.flat(layer.input), flat: true };
    }
  }

  /** Maps stay maps; if one of several is flat, all of them can be. */
  #merge(type: string, layers: readonly string[], name: string, attributes?: Attributes): Output {
    const flat = layers.some((layer) => this.#output(layer).flat);
    const inputs = layers.map((layer) => (flat ? this.flat(layer) : this.#output(layer).name));
    return { name: this.#graph.node(type, inputs, name, attributes), flat };
  }

  /** Rounds to integers and back; runtimes compute with the integers in between. */
  #rounded({ input, scale, zero }: QuantizeLayer, name: string): Output {
    const { name: value, flat } = this.#output(input);
    const steps = [
      this.#graph.constant(`${name}/scale`, Float32Array.of(scale), []),
      this.#graph.constant(`${name}/zero`, Uint8Array.of(zero + 128), []),
    ];
    const integers = this.#graph.node('QuantizeLinear', [value, ...steps], `${name}/integers`);
    return { name: this.#graph.node('DequantizeLinear', [integers, ...steps], name), flat };
  }

  /** Returns the names of a layer's weights and, if it has one, of its bias. */
  #learnt(layer: WeightedLayer): string[] {
    const input = this.#layers.get(layer.input);
    if (input?.kind === 'quantize' && layer.bias) return this.#integers(layer, input);
    return layer.bias
      ? [this.#parameter(layer, 'weights'), this.#parameter(layer, 'bias')]
      : [this.#parameter(layer, 'weights')];
  }

  /** Adds weights and a bias as integers, with the nodes that give their numbers. */
  #integers(layer: WeightedLayer, input: QuantizeLayer): string[] {
    const [weights, bias] = [this.#array(layer, 'weights'), this.#array(layer, 'bias')];
    const whole = toIntegers(layer, { weights: weights.values, bias: bias.values }, input.scale);
    const name = `${this.#prefix}${layer.name}`;
    const dequantized = (role: string, constants: readonly string[], axis: number) =>
      this.#graph.node('DequantizeLinear', constants, `${name}/${role}`, { axis });
    const weightConstants = [
      this.#graph.constant(`${name}/weights/integers`, whole.weights, weightDims(layer, weights)),
      this.#graph.constant(`${name}/weights/scales`, whole.scales),
      this.#graph.constant(`${name}/weights/zeros`, new Int8Array(whole.scales.length)), // QGemm needs one for each scale
    ];
    const biasConstants = [
      this.#graph.constant(`${name}/bias/integers`, whole.bias),
      this.#graph.constant(`${name}/bias/scales`, whole.biasScales),
    ];
    return [
      dequantized('weights', weightConstants, outputAxis(layer)),
      dequantized('bias', biasConstants, 0),
    ];
  }

  /** Adds an array of a layer as it is. */
  #parameter(layer: LayerSpec, role: string): string {
    const array = this.#array(layer, role);
    const dims = role === 'weights' ? weightDims(layer, array) : array.shape;
    return this.#graph.constant(`${this.#prefix}${layer.name}/${role}`, array.values, dims);
  }

  /** Returns an array of a layer, or of the layer whose arrays it shares. */
  #array(layer: LayerSpec, role: string): NamedTensor {
    const owner = ('shares' in layer ? layer.shares : undefined) ?? layer.name;
    return this.#tensors.get(`${owner}/${role}`) as NamedTensor;
  }
}

/** The shape of weights in ONNX: of a depthwise convolution, each filter reads one channel. */
function weightDims({ kind }: LayerSpec, { shape }: NamedTensor): readonly number[] {
  return kind === 'depthwise-conv2d' ? [shape[0], 1, ...shape.slice(1)] : shape;
}

/** Describes a window with its zeros before and after the rows and columns. */
function windowOf(
  size: Size,
  { stride, padding }: { readonly stride: number; readonly padding: Padding },
  input: Shape,
  output: Shape,
): Attributes {
  const before = [
    windowPositions(input.height, size[0], stride, padding).before,
    windowPositions(input.width, size[1], stride, padding).before,
  ];
  const behind = (axis: 0 | 1, from: number, positions: number) =>
    Math.max(0, (positions - 1) * stride + size[axis] - before[axis] - from);
  const after = [behind(0, input.height, output.height), behind(1, input.width, output.width)];
  return { kernel_shape: size, strides: [stride, stride], pads: [...before, ...after] };
}
