import { EvopatchError } from '../core/errors.ts';
import { describeNetwork, type LayerDescription, type Shape } from '../network/describe.ts';
import type { LayerSpec, NetworkSpec } from '../network/spec.ts';
import { RUNNING_MOMENTUM } from '../nn/forward-steps.ts';
import { tensorsOf } from '../nn/model.ts';
import type { Network } from '../nn/network.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import type { TfjsOutput } from './artifacts.ts';
import { addResize, type FrameLayers } from './frame-layers.ts';
import type { LayerList } from './layer-list.ts';
import { type LearntKind, TFJS_ROLES, toTfjs } from './weight-layout.ts';

/** As in kernels/normalization.c. */
const EPSILON = 1e-5;

/** The output of a layer in the model. */
interface Output {
  readonly output: TfjsOutput;
  /** Whether it is [N][channels] in place of [N][height][width][channels]. */
  readonly flat: boolean;
}

type Config = Record<string, unknown>;

/**
 * Adds the layers of a network. A layer has its own name behind `prefix`.
 *
 * @returns the logits, [N][classes], and the names of the layers that have arrays by those in the network
 * @throws EvopatchError `INVALID_MODEL` if the network's weights are not whole; `INVALID_NETWORK` for what TensorFlow.js has no
 * layer for.
 */
export function addNetwork(
  list: LayerList,
  frames: FrameLayers,
  network: Network,
  prefix: string,
): { readonly logits: TfjsOutput; readonly owners: ReadonlyMap<string, string> } {
  const layers = new NetworkLayers(list, frames, tensorsOf(network), prefix);
  for (const described of describeNetwork(network.spec)) layers.add(described);
  return { logits: layers.flat(logitsOf(network.spec)), owners: layers.owners };
}

function logitsOf({ layers }: NetworkSpec): string {
  return layers[layers.length - 1].name;
}

class NetworkLayers {
  readonly owners = new Map<string, string>();
  readonly #list: LayerList;
  readonly #frames: FrameLayers;
  readonly #tensors: ReadonlyMap<string, NamedTensor>;
  readonly #prefix: string;
  readonly #outputs = new Map<string, Output & { readonly shape: Shape }>();

  constructor(
    list: LayerList,
    frames: FrameLayers,
    tensors: ReadonlyMap<string, NamedTensor>,
    prefix: string,
  ) {
    this.#list = list;
    this.#frames = frames;
    this.#tensors = tensors;
    this.#prefix = prefix;
  }

  add(described: LayerDescription): void {
    const { layer, output } = described;
    this.#outputs.set(layer.name, { ...this.#layer(described), shape: output });
  }

  /** Returns a layer's output as [N][channels · height · width], channel by channel as the engine flattens. */
  flat(layer: string, name = `${this.#prefix}${layer}/flat`): TfjsOutput {
    const { output, flat, shape } = this.#output(layer);
    if (flat) return output;
    const ordered =
      shape.height * shape.width === 1
        ? output
        : this.#list.add('Permute', `${name}/channels-first`, [output], { dims: [3, 1, 2] });
    return this.#list.add('Flatten', name, [ordered]);
  }

  /** Returns a layer's output as [N][height][width][channels]. */
  #maps(layer: string): TfjsOutput {
    const { output, flat, shape } = this.#output(layer);
    if (!flat) return output;
    const target_shape = [1, 1, shape.channels];
    return this.#list.add('Reshape', `${this.#prefix}${layer}/maps`, [output], { target_shape });
  }

  #output(layer: string) {
    return this.#outputs.get(layer) as Output & { readonly shape: Shape };
  }

  #layer({ layer, inputs: [input] }: LayerDescription): Output {
    const name = this.#prefix + layer.name;
    const list = this.#list;
    const maps = (className: string, from: string, config: Config) => {
      return { output: list.add(className, name, [this.#maps(from)], config), flat: false };
    };
    const like = (className: string, from: string, config: Config = {}) => {
      const { output, flat } = this.#output(from);
      return { output: list.add(className, name, [output], config), flat };
    };
    const window = 'stride' in layer && { strides: [layer.stride, layer.stride], padding: layer.padding };
    switch (layer.kind) {
      case 'crop':
        return { output: this.#frames.crop(layer, name), flat: false };
      case 'resize':
        return { output: addResize(list, name, this.#maps(layer.input), input, layer), flat: false };
      case 'conv2d': {
        const { filters, kernel, bias, l2 } = layer;
        const penalty = l2 !== undefined && {
          kernel_regularizer: { class_name: 'L1L2', config: { l1: 0, l2 } },
        };
        const config = { filters, kernel_size: kernel, use_bias: bias, ...window, ...penalty };
        return { output: this.#learnt('Conv2D', layer, this.#maps(layer.input), config), flat: false };
      }
      case 'depthwise-conv2d': {
        const config = { kernel_size: layer.kernel, depth_multiplier: 1, use_bias: layer.bias, ...window };
        return {
          output: this.#learnt('DepthwiseConv2D', layer, this.#maps(layer.input), config),
          flat: false,
        };
      }
      case 'dense': {
        const config = { units: layer.units, use_bias: layer.bias };
        return { output: this.#learnt('Dense', layer, this.flat(layer.input), config), flat: true };
      }
      case 'relu':
        return like('ReLU', layer.input);
      case 'max-pool':
        return maps('MaxPooling2D', layer.input, { pool_size: layer.size, ...window });
      case 'average-pool':
        return maps('AveragePooling2D', layer.input, { pool_size: layer.size, ...window });
      case 'global-average-pool':
        return {
          output: list.add('GlobalAveragePooling2D', name, [this.#maps(layer.input)]),
          flat: true,
        };
      case 'batch-normalization': {
        // Arrays that are shared fit one number of axes only.
        const { flat } = this.#output(layer.shares ?? layer.input);
        const read = flat ? this.flat(layer.input) : this.#maps(layer.input);
        const config = { axis: -1, momentum: RUNNING_MOMENTUM[layer.statistics], epsilon: EPSILON };
        return { output: this.#learnt('BatchNormalization', layer, read, config), flat };
      }
      case 'dropout':
        return like('Dropout', layer.input, { rate: layer.rate });
      case 'quantize': {
        const hint = 'Export the model of floats, or write ONNX';
        throw new EvopatchError('INVALID_NETWORK', 'TensorFlow.js has no layer that rounds to integers', {
          layer: layer.name,
          hint,
        });
      }
      case 'add':
        return this.#merge('Add', layer.inputs, name);
      case 'concatenate':
        return this.#merge('Concatenate', layer.inputs, name, { axis: -1 });
      case 'flatten':
        return { output: this.flat(layer.input, name), flat: true };
    }
  }

  /** Maps stay maps; if one of several is flat, all of them can be. */
  #merge(className: string, layers: readonly string[], name: string, config?: Config): Output {
    if (layers.length === 1) return this.#output(layers[0]);
    const flat = layers.some((layer) => this.#output(layer).flat);
    const inputs = layers.map((layer) => (flat ? this.flat(layer) : this.#output(layer).output));
    return { output: this.#list.add(className, name, inputs, config), flat };
  }

  /** Adds a layer with arrays, or the further use of the one whose arrays it shares. */
  #learnt(
    className: string,
    layer: LayerSpec & { readonly kind: LearntKind },
    input: TfjsOutput,
    config: Config,
  ): TfjsOutput {
    if (layer.shares !== undefined) return this.#list.reuse(this.#output(layer.shares).output, [input]);
    const arrays = Object.entries(TFJS_ROLES[layer.kind]).flatMap(([role, theirs]) => {
      const tensor = this.#tensors.get(`${layer.name}/${role}`);
      return tensor === undefined ? [] : [[theirs, toTfjs(layer.kind, tensor)] as const];
    });
    const name = this.#prefix + layer.name;
    const output = this.#list.add(className, name, [input], config, Object.fromEntries(arrays));
    this.owners.set(layer.name, output[0]);
    return output;
  }
}
