import { inputNames, type LayerDescription } from '../network/describe.ts';
import type { LayerSpec } from '../network/spec.ts';

const LEARNING_KINDS: ReadonlySet<string> = new Set([
  'conv2d',
  'depthwise-conv2d',
  'dense',
  'batch-normalization',
]);

/** The layers of a network and who reads whom. */
export class LayerGraph {
  readonly layers: readonly LayerDescription[];
  /** Name of the layer that gives the logits. */
  readonly output: string;
  readonly #byName: ReadonlyMap<string, LayerDescription>;
  readonly #readers = new Map<string, LayerSpec[]>();
  readonly #kept: ReadonlySet<string>;
  #learning: ReadonlySet<string> | undefined;

  /** @param kept layers whose own output is wanted, so that no ReLU may be fused into it, nor they into another's. */
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

  /** Whether anything before or in a layer learns; crops and what is made of them alone do not. */
  learns(name: string): boolean {
    this.#learning ??= learningLayers(this.layers);
    return this.#learning.has(name);
  }

  /** Layers that read this one, in order; a layer that reads it twice stands there twice. */
  readers(name: string): LayerSpec[] {
    return this.#readers.get(name) as LayerSpec[];
  }

  /** The ReLU that a layer's own step can apply, because nobody else reads the layer. */
  fusedRelu(name: string): LayerSpec | undefined {
    const { kind } = this.get(name).layer;
    const fusable =
      kind === 'conv2d' || kind === 'depthwise-conv2d' || kind === 'dense' || kind === 'batch-normalization';
    const [reader, ...others] = this.readers(name);
    const fuses = fusable && others.length === 0 && reader?.kind === 'relu';
    return fuses && !this.#kept.has(name) && !this.#kept.has(reader.name) ? reader : undefined;
  }

  /** The same layers, or some of them, with the outputs of some kept. */
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

/** The same network with its dropout layers left out: what inference runs. */
export function withoutDropout({ layers, output }: LayerGraph): LayerGraph {
  const standIn = new Map<string, string>();
  const seen = (name: string) => standIn.get(name) ?? name;
  const kept: LayerDescription[] = [];
  for (const described of layers) {
    const { layer } = described;
    if (layer.kind === 'dropout') standIn.set(layer.name, seen(layer.input));
    else if ('input' in layer) kept.push({ ...described, layer: { ...layer, input: seen(layer.input) } });
    else if ('inputs' in layer)
      kept.push({ ...described, layer: { ...layer, inputs: layer.inputs.map(seen) } });
    else kept.push(described);
  }
  return new LayerGraph(kept, seen(output));
}
