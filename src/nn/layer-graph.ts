import { inputNames, type LayerDescription, withInputs } from '../network/describe.ts';
import type { LayerSpec } from '../network/spec.ts';

/** Kinds of layers with parameters. */
const LEARNING_KINDS: ReadonlySet<string> = new Set([
  'conv2d',
  'depthwise-conv2d',
  'dense',
  'batch-normalization',
]);

/** Kinds of layers whose kernels can also apply a ReLU. */
const RECTIFYING_KINDS: ReadonlySet<string> = new Set([...LEARNING_KINDS, 'add']);

/** Kinds of layers whose kernels for one face can also apply a normalisation. */
const NORMALIZING_KINDS: ReadonlySet<string> = new Set(['conv2d', 'depthwise-conv2d', 'dense']);

/** The layers of a network, and which of them read which. */
export class LayerGraph {
  readonly layers: readonly LayerDescription[];
  /** Name of the layer that gives the logits. */
  readonly output: string;
  readonly #byName: ReadonlyMap<string, LayerDescription>;
  readonly #readers = new Map<string, LayerSpec[]>();
  readonly #kept: ReadonlySet<string>;
  #learning: ReadonlySet<string> | undefined;

  /** @param kept layers whose own output stays readable, so that no fusion with a ReLU involves them. */
  constructor(
    layers: readonly LayerDescription[],
    output = layers[layers.length - 1].layer.name,
    kept: ReadonlySet<string> = new Set(),
  ) {
    this.layers = layers;
    this.output = output;
    this.#kept = kept;
    this.#byName = new Map(layers.map((described) => [described.layer.name, described]));
    for (const { layer } of layers) this.#readers.set(layer.name, []);
    for (const { layer } of layers) for (const name of inputNames(layer)) this.readers(name).push(layer);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  get(name: string): LayerDescription {
    return this.#byName.get(name) as LayerDescription;
  }

  /** Whether a layer, or any layer that it depends on, has parameters. */
  learns(name: string): boolean {
    this.#learning ??= learningLayers(this.layers);
    return this.#learning.has(name);
  }

  /** Returns the layers that read this one, in order; a layer that reads it twice occurs twice. */
  readers(name: string): LayerSpec[] {
    return this.#readers.get(name) as LayerSpec[];
  }

  /** Returns the ReLU that a layer's own step can apply because no other layer reads it. */
  fusedRelu(name: string): LayerSpec | undefined {
    return this.#fused(name, 'relu', RECTIFYING_KINDS);
  }

  /** Whether a layer is a fused ReLU that only a max-pooling reads, whose steps then apply its gradient too. */
  pooledRelu(name: string): boolean {
    const { layer } = this.get(name);
    const [reader, ...others] = this.readers(name);
    const fused = layer.kind === 'relu' && this.fusedRelu(layer.input) !== undefined;
    return fused && reader?.kind === 'max-pool' && others.length === 0;
  }

  /** Returns the normalisation that the step of a convolution or a dense layer can apply, because no other layer reads it. */
  fusedNormalization(name: string): LayerSpec | undefined {
    return this.#fused(name, 'batch-normalization', NORMALIZING_KINDS);
  }

  #fused(name: string, kind: LayerSpec['kind'], kinds: ReadonlySet<string>): LayerSpec | undefined {
    const fusable = kinds.has(this.get(name).layer.kind);
    const [reader, ...others] = this.readers(name);
    const fuses = fusable && others.length === 0 && reader?.kind === kind;
    return fuses && !this.#kept.has(name) && !this.#kept.has(reader.name) ? reader : undefined;
  }

  /** Returns the graph of the wanted layers, which keeps the outputs of some of them. */
  restricted(wanted: (name: string) => boolean, kept: ReadonlySet<string>): LayerGraph {
    return new LayerGraph(
      this.layers.filter(({ layer }) => wanted(layer.name)),
      this.output,
      kept,
    );
  }
}

function learningLayers(layers: readonly LayerDescription[]): ReadonlySet<string> {
  const learning = new Set<string>();
  for (const { layer } of layers) {
    const hasWeights = LEARNING_KINDS.has(layer.kind);
    if (hasWeights || inputNames(layer).some((input) => learning.has(input))) learning.add(layer.name);
  }
  return learning;
}

/** Returns the same network without its dropout layers, as inference runs it. */
export function withoutDropout({ layers, output }: LayerGraph): LayerGraph {
  const replacements = new Map<string, string>();
  const replace = (name: string) => replacements.get(name) ?? name;
  const kept: LayerDescription[] = [];
  for (const described of layers) {
    const { layer } = described;
    if (layer.kind === 'dropout') replacements.set(layer.name, replace(layer.input));
    else kept.push({ ...described, layer: withInputs(layer, replace) });
  }
  return new LayerGraph(kept, replace(output));
}

/** Finds the layers and everything that they read, directly or not. */
export function upstreamOf(graph: LayerGraph, names: Iterable<string>): ReadonlySet<string> {
  const found = new Set(names);
  for (const { layer } of [...graph.layers].reverse()) {
    if (found.has(layer.name)) for (const name of inputNames(layer)) found.add(name);
  }
  return found;
}
