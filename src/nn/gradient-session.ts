import type { NetworkSpec } from '../network/spec.ts';
import type { Arena, Engine } from './engine.ts';
import { type GradientOptions, type GradientPlan, planGradient } from './gradient-plan.ts';
import { LANES, type Tensor } from './layout.ts';
import type { Samples } from './samples.ts';
import { stageSamples, type Weights, writeWeights } from './staging.ts';

/** Values of one layer's output (or their gradients) of some samples: [samples][channels][height][width]. */
export interface LayerValues {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * Gradients of a network that predicts: running statistics in batch normalisation, no dropout. First `forward`, for up
 * to 16 samples; then `backward` with the derivative of a scalar of each sample by the outputs of the layers in
 * `options.of`; then what is wanted can be read. All engines of the same numerics give the same bits.
 */
export class GradientSession {
  readonly plan: GradientPlan;
  readonly #arena: Arena;
  /** Samples of the last `forward`. */
  #count = 0;

  /** @throws EvopatchError `INVALID_NETWORK`, `INVALID_OPTION`; `INVALID_MODEL` where the weights do not fit. */
  constructor(engine: Engine, spec: NetworkSpec, weights: Weights, options: GradientOptions = {}) {
    this.plan = planGradient(spec, options);
    this.#arena = engine.createArena(this.plan.words);
    for (const { offset, words } of this.plan.constants) this.#arena.integers.set(words, offset);
    this.setWeights(weights);
  }

  /** @throws EvopatchError `INVALID_MODEL` where an array is missing or has another length. */
  setWeights(weights: Weights): void {
    writeWeights(this.#arena, this.plan.parameters.parameters, weights);
    this.#run(this.plan.prepare);
  }

  /**
   * Class probabilities of up to 16 samples, [index][class].
   *
   * @param contrast factor on the normalised frames, as in `Staging`
   */
  forward(samples: Samples, indices: Uint32Array, contrast = 1): Float32Array {
    this.#count = indices.length;
    stageSamples(this.#arena, this.plan.inputs, samples, indices, { contrast });
    this.#run(this.plan.forward);
    return this.#read(this.plan.probabilities);
  }

  /** What a layer named in the options, or that of the logits, gave in the last `forward`. */
  output(layer: string): LayerValues {
    return this.#values(this.plan.outputs, layer);
  }

  /** @param seeds for each layer of `options.of` the derivatives of the samples' scalars, as `output` gives values */
  backward(seeds: ReadonlyMap<string, Float32Array>): void {
    for (const [layer, tensor] of this.plan.seeds) this.#write(tensor, seeds.get(layer) as Float32Array);
    this.#run(this.plan.backward);
  }

  /** The gradient of the output of a layer of `options.by`, after `backward`. */
  gradient(layer: string): LayerValues {
    return this.#values(this.plan.gradients, layer);
  }

  /**
   * The gradient by the pixels of the frame, [index][size][size], where the crops are what it is taken by. The frame is
   * what the crops read: grey levels less their mean, over their standard deviation, the two taken over the whole frame
   * and held fixed here: that a pixel also moves the mean and the deviation of its frame a little is left out. Crops that overlap add up; pixels that none reads are 0.
   */
  frameGradient(): Float32Array {
    const size = this.plan.spec.frameSize;
    const { floats } = this.#arena;
    const frames = new Float32Array(this.#count * size * size);
    for (const { name, x, y, width, height, mirror } of this.plan.crops) {
      const { offset, rowStride } = this.plan.gradients.get(name) as Tensor;
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const from = offset + row * rowStride + column * LANES;
          const pixel = (y + row) * size + x + (mirror ? width - 1 - column : column);
          for (let i = 0; i < this.#count; i++) frames[i * size * size + pixel] += floats[from + i];
        }
      }
    }
    return frames;
  }

  #run(program: number): void {
    this.#arena.run(this.plan.tensors, program, 1);
  }

  #values(tensors: ReadonlyMap<string, Tensor>, layer: string): LayerValues {
    const tensor = tensors.get(layer) as Tensor;
    const { channels, height, width } = tensor;
    return { channels, height, width, values: this.#read(tensor) };
  }

  #read(tensor: Tensor): Float32Array {
    const { floats } = this.#arena;
    const values = new Float32Array(this.#count * sizeOf(tensor));
    eachPosition(tensor, (place, position) => {
      for (let i = 0; i < this.#count; i++) values[i * sizeOf(tensor) + position] = floats[place + i];
    });
    return values;
  }

  /** Idle lanes get zeros. */
  #write(tensor: Tensor, values: Float32Array): void {
    const { floats } = this.#arena;
    eachPosition(tensor, (place, position) => {
      floats.fill(0, place, place + LANES);
      for (let i = 0; i < this.#count; i++) floats[place + i] = values[i * sizeOf(tensor) + position];
    });
  }
}

function sizeOf({ channels, height, width }: Tensor): number {
  return channels * height * width;
}

/** Calls `visit` for each position of a tensor: its place in the arena, and its number in reading order. */
function eachPosition(tensor: Tensor, visit: (place: number, position: number) => void): void {
  const { offset, channels, height, width, channelStride, rowStride } = tensor;
  for (let channel = 0, position = 0; channel < channels; channel++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++, position++) {
        visit(offset + channel * channelStride + row * rowStride + column * LANES, position);
      }
    }
  }
}
