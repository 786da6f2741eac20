import type { NetworkSpec } from '../network/spec.ts';
import { addCrop } from './crop-places.ts';
import type { Arena, Engine } from './engine.ts';
import { LEVELS } from './forward-steps.ts';
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
   * @param contrast factor on what the crops read: 1 is the picture as it is; 0 one of nothing but zeros, which is its
   * mean grey or, for crops of fixed levels, the grey that they call zero
   */
  forward(samples: Samples, indices: Uint32Array, contrast = 1): Float32Array {
    const { inputs } = this.plan;
    this.#count = indices.length;
    stageSamples(this.#arena, inputs, samples, indices, { contrast });
    for (const kind of ['signed', 'raw'] as const) {
      const { zero, scale } = LEVELS[kind];
      const place = inputs.levels[kind];
      this.#arena.floats
        .fill(zero, place, place + LANES)
        .fill(scale * contrast, place + LANES, place + 2 * LANES);
    }
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
   * The gradient by the pixels of the frame, [index][size][size], where the crops are what it is taken by. A pixel
   * counts as the crops read it: less the mean of its frame, over the frame's standard deviation, both held fixed (that
   * a pixel also moves them a little is left out); or, for crops of fixed levels, scaled by those.
   */
  frameGradient(): Float64Array {
    return this.toFrames((crop) => this.gradient(crop).values);
  }

  /**
   * Brings values of the crops among `by`, [index][height][width], to their places in the frames, [index][size][size].
   * Crops that overlap add up; pixels that none reads are 0.
   */
  toFrames(valuesOf: (crop: string) => Float32Array | Float64Array): Float64Array {
    const size = this.plan.spec.frameSize;
    const pixels = size * size;
    const frames = new Float64Array(this.#count * pixels);
    for (const crop of this.plan.crops) {
      const values = valuesOf(crop.name);
      const area = crop.width * crop.height;
      for (let i = 0; i < this.#count; i++) {
        const own = values.subarray(i * area, (i + 1) * area);
        addCrop(crop, own, frames.subarray(i * pixels, (i + 1) * pixels), size);
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
