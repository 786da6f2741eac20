import { type Shape, windowPositions } from '../network/describe.ts';
import type { LayerSpec } from '../network/spec.ts';
import type { LayerGraph } from './layer-graph.ts';
import { type Halo, halosCover, type Layout, NO_HALO, type Tensor, widerHalo } from './layout.ts';

/** Places the tensor of every layer's output, or of its gradient, so that the steps copy as little as possible. */
export class Placement {
  readonly #graph: LayerGraph;
  readonly #layout: Layout;
  readonly #perBlock: boolean;
  readonly #wantedHalo: (name: string) => Halo;
  readonly #tensors = new Map<string, Tensor>();
  /** Tensors with memory of their own, by its start. */
  readonly #owners = new Map<number, Tensor>();
  /** Released tensors by their form. */
  readonly #released = new Map<string, Tensor[]>();

  /** @param wantedHalo the halo around a layer's tensor that would save a copy */
  constructor(graph: LayerGraph, layout: Layout, perBlock: boolean, wantedHalo: (name: string) => Halo) {
    this.#graph = graph;
    this.#layout = layout;
    this.#perBlock = perBlock;
    this.#wantedHalo = wantedHalo;
  }

  tensor(name: string): Tensor {
    const known = this.#tensors.get(name);
    if (known) return known;
    const placed = this.#inside(name) ?? this.#own(name);
    this.#tensors.set(name, placed);
    return placed;
  }

  /**
   * Finds another tensor of a layer's shape: a released one of the same form, whose halo still is zero, or a new one. If nothing
   * reads the layer it is new, and zero.
   */
  another(name: string, halo: Halo = NO_HALO): Tensor {
    const { output } = this.#graph.get(name);
    const isRead = this.#graph.readers(name).length > 0;
    const known = isRead ? this.#released.get(formOf(output, halo))?.pop() : undefined;
    if (known) return known;
    const tensor = this.#layout.tensor(output, this.#perBlock, halo);
    this.#owners.set(tensor.memory, tensor);
    return tensor;
  }

  /** Lets another tensor have the memory that starts here. */
  release(memory: number): void {
    const tensor = this.#owners.get(memory) as Tensor;
    const form = formOf(tensor, tensor.halo);
    this.#released.set(form, [...(this.#released.get(form) ?? []), tensor]);
  }

  /** Views some channels of a tensor. */
  channels(of: Tensor, first: number, channels: number): Tensor {
    return this.#layout.channels(of, first, channels);
  }

  #own(name: string): Tensor {
    const { layer, output } = this.#graph.get(name);
    if (layer.kind === 'flatten' && this.#graph.readers(layer.input).length === 1) {
      const input = this.tensor(layer.input);
      if (halosCover(NO_HALO, input.halo)) return this.#layout.flattened(input);
    }
    // Dense layers and the loss read and write single positions that lie side by side, without a halo.
    const single = output.height === 1 && output.width === 1;
    return this.another(name, single ? NO_HALO : this.#wantedHalo(name));
  }

  /** Returns a view inside the tensor of the only reader: a fused ReLU, a concatenation or a flatten. */
  #inside(name: string): Tensor | undefined {
    const relu = this.#graph.fusedRelu(name);
    if (relu) return this.tensor(relu.name);
    const [reader, ...others] = this.#graph.readers(name);
    if (reader === undefined || others.length > 0) return undefined;
    const { output } = this.#graph.get(name);
    if (reader.kind === 'concatenate') {
      const before = reader.inputs.slice(0, reader.inputs.indexOf(name));
      const first = before.reduce((sum, other) => sum + this.#graph.get(other).output.channels, 0);
      return this.#layout.channels(this.tensor(reader.name), first, output.channels);
    }
    if (reader.kind === 'flatten' && this.#graph.readers(reader.name).length === 1) {
      const flat = this.#inside(reader.name);
      if (flat) {
        this.#tensors.set(reader.name, flat);
        return this.#layout.unflattened(flat, output);
      }
    }
    return undefined;
  }
}

function formOf({ channels, height, width }: Shape, halo: Halo): string {
  return JSON.stringify([channels, height, width, halo.before, halo.after]);
}

/** Returns the halo of zeros around a layer's output that all its readers need. */
export function outputHalo(graph: LayerGraph, name: string): Halo {
  const { output } = graph.get(name);
  return graph.readers(name).reduce((halo, reader) => widerHalo(halo, inputHalo(reader, output)), NO_HALO);
}

/** Returns the halo of zeros that a convolution reads around its input. */
export function inputHalo(layer: LayerSpec, input: Shape): Halo {
  if (layer.kind !== 'conv2d' && layer.kind !== 'depthwise-conv2d') return NO_HALO;
  const y = windowPositions(input.height, layer.kernel[0], layer.stride, layer.padding);
  const x = windowPositions(input.width, layer.kernel[1], layer.stride, layer.padding);
  const behind = (axis: { positions: number; before: number }, side: number, window: number) =>
    Math.max(0, (axis.positions - 1) * layer.stride + window - axis.before - side);
  return {
    before: [y.before, x.before],
    after: [behind(y, input.height, layer.kernel[0]), behind(x, input.width, layer.kernel[1])],
  };
}

/** Layers whose gradient is that of their output, number by number, and can take its place. */
const REPLACING_KINDS: ReadonlySet<string> = new Set(['relu', 'batch-normalization', 'dropout', 'quantize']);

/**
 * Returns the halo of zeros that the input gradient of a stride-1 convolution reads around its output's gradient, or around one
 * that takes its place.
 *
 * @param wanted whether a layer's output needs a gradient
 */
export function gradientHalo(
  graph: LayerGraph,
  name: string,
  wanted: (name: string) => boolean = (other) => graph.learns(other),
): Halo {
  const { layer, inputs } = graph.get(name);
  if (REPLACING_KINDS.has(layer.kind) && 'input' in layer) {
    return graph.readers(layer.input).length === 1 ? gradientHalo(graph, layer.input, wanted) : NO_HALO;
  }
  if (layer.kind !== 'conv2d' || layer.stride !== 1 || !wanted(layer.input)) return NO_HALO;
  const [height, width] = layer.kernel;
  const { before, after } = inputHalo(layer, inputs[0]);
  const rest = ([y, x]: readonly [number, number]) => [height - 1 - y, width - 1 - x] as const;
  return { before: rest(before), after: rest(after) };
}
