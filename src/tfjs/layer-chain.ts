import { EvopatchError } from '../core/errors.ts';
import { describeLayers, type Shape } from '../network/describe.ts';
import type { CropLayer, LayerSpec } from '../network/spec.ts';
import type { NamedTensor } from '../nn/safetensors.ts';
import type { LayerSettings } from './layer-settings.ts';

/** A layer without what a chain knows: the layer before it. */
type Link = LayerSpec extends infer Layer
  ? Layer extends { input: string }
    ? Omit<Layer, 'input'>
    : never
  : never;

/** Collects the layers of a network, each reading the one before, with their arrays. */
export class LayerChain {
  readonly #arrays: ReadonlyMap<string, NamedTensor>;
  readonly #frameSize: number;
  readonly #layers: LayerSpec[];
  readonly #tensors = new Map<string, NamedTensor>();
  readonly #taken = new Set<string>();
  #ended = false;
  /** Where in our order each number of theirs lies, if the chain is flat and theirs is another. */
  #order: readonly number[] | undefined;

  constructor(arrays: ReadonlyMap<string, NamedTensor>, face: CropLayer, frameSize: number) {
    this.#arrays = arrays;
    this.#frameSize = frameSize;
    this.#layers = [face];
  }

  /** Whether the softmax has been read. */
  get ended(): boolean {
    return this.#ended;
  }

  end(): void {
    this.#ended = true;
  }

  /** The output of the last layer so far. */
  get shape(): Shape {
    const described = describeLayers({ name: 'chain', frameSize: this.#frameSize, layers: this.#layers });
    return (described.at(-1) as { output: Shape }).output;
  }

  /** The first layer, as long as there is no other. */
  get untouchedFace(): CropLayer | undefined {
    return this.#layers.length === 1 ? (this.#layers[0] as CropLayer) : undefined;
  }

  replaceFace(face: CropLayer): void {
    this.#layers[0] = face;
  }

  add(layer: Link, tensors: Readonly<Record<string, NamedTensor>> = {}): void {
    const input = (this.#layers.at(-1) as LayerSpec).name;
    this.#layers.push({ ...layer, input } as LayerSpec);
    for (const [role, tensor] of Object.entries(tensors)) this.#tensors.set(`${layer.name}/${role}`, tensor);
  }

  /** Flattens position by position, as TensorFlow.js does; the engine goes channel by channel. */
  flatten(name: string): void {
    const { channels, height, width } = this.shape;
    this.add({ kind: 'flatten', name });
    if (channels === 1 || height * width === 1) return;
    const positions = height * width;
    this.#order = Array.from({ length: channels * positions }, (_, i) => {
      return (i % positions) * channels + Math.floor(i / positions);
    });
  }

  #take({ layer }: LayerSettings, role: string): NamedTensor | undefined {
    const wanted = `${layer.name}/${role}`;
    // Some converters put the name of the model before it.
    const names = this.#arrays.has(wanted)
      ? [wanted]
      : [...this.#arrays.keys()].filter((name) => name.endsWith(`/${wanted}`));
    if (names.length !== 1) return undefined;
    this.#taken.add(names[0]);
    return this.#arrays.get(names[0]);
  }

  /** Takes an array that must be there, of a shape. */
  require(settings: LayerSettings, role: string, shape: readonly number[]): NamedTensor {
    const found = this.#take(settings, role);
    if (`${found?.shape}` === `${shape}` && found !== undefined) return found;
    return settings.fail(
      `its weights '${role}' must have the shape ${JSON.stringify(shape)}`,
      found?.shape ?? 'none',
    );
  }

  /** Puts rows of an array, one for each number of the layer before, in the engine's order. */
  ordered({ shape, values }: NamedTensor): NamedTensor {
    if (this.#order === undefined) return { shape, values };
    const row = values.length / this.#order.length;
    const result = new Float32Array(values.length);
    this.#order.forEach((from, to) => {
      result.set(values.subarray(from * row, (from + 1) * row), to * row);
    });
    return { shape, values: result };
  }

  /** Forgets the order of what was flattened: the next layer mixes all numbers. */
  mix(): void {
    this.#order = undefined;
  }

  /** @throws EvopatchError `INVALID_MODEL` if there is no softmax, or no layer takes an array. */
  finish(): { readonly layers: readonly LayerSpec[]; readonly tensors: ReadonlyMap<string, NamedTensor> } {
    const last = this.#layers[this.#layers.length - 1].name;
    if (!this.#ended) {
      const hint = "Give it the activation 'softmax', or a layer Softmax after it";
      const problem = 'the model must end with a softmax, so that it gives probabilities';
      throw new EvopatchError('INVALID_MODEL', problem, { layer: last, hint });
    }
    if (this.#order !== undefined) {
      throw new EvopatchError('INVALID_MODEL', 'the logits must come from one position', { layer: last });
    }
    const more = [...this.#arrays.keys()].find((name) => !this.#taken.has(name));
    if (more !== undefined)
      throw new EvopatchError('INVALID_MODEL', 'no layer has these weights', { given: more });
    return { layers: this.#layers, tensors: this.#tensors };
  }
}
