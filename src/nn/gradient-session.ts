import { sizeOf } from '../network/describe.ts';
import { addCrop } from '../network/read-pixels.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Arena, Engine } from './engine.ts';
import { LEVELS } from './forward-steps.ts';
import { type GradientOptions, type GradientPlan, planGradient } from './gradient-plan.ts';
import { LANES, type Tensor } from './layout.ts';
import type { Weights } from './parameters.ts';
import type { Samples } from './samples.ts';
import { stageSamples, writeWeights } from './staging.ts';

/** One layer's output, or its gradient, for some samples: [samples][channels][height][width]. */
export interface LayerValues {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/**
 * Computes gradients of a network in prediction: batch normalisation uses running statistics, dropout is off. Call
 * `forward` for up to 16 samples, then `backward` with the derivatives of each sample's scalar by the outputs of the
 * layers in `options.of`, then read the gradients. All engines of the same numerics give the same bits.
 */
export class GradientSession {
  readonly plan: GradientPlan;
  readonly #arena: Arena;
  /** Samples of the last `forward`. */
  #count = 0;

  /** @throws EvopatchError `INVALID_NETWORK`, `INVALID_OPTION`; `INVALID_MODEL` if the weights do not fit. */
  constructor(engine: Engine, spec: NetworkSpec, weights: Weights, options: GradientOptions = {}) {
    this.plan = planGradient(spec, options);
    this.#arena = engine.createArena(this.plan.words);
    for (const { offset, words } of this.plan.constants) this.#arena.integers.set(words, offset);
    this.setWeights(weights);
  }

  /** @throws EvopatchError `INVALID_MODEL` if an array is missing or has another length. */
  setWeights(weights: Weights): void {
    writeWeights(this.#arena, this.plan.parameters.parameters, weights);
    this.#run(this.plan.prepare);
  }

  /**
   * Predicts class probabilities of up to 16 samples, [index][class].
   *
   * @param contrast factor on what the crops read: 1 leaves the picture unchanged; 0 makes it uniform, of its mean grey
   * or, for crops of fixed levels, of the grey that they map to 0
   */
  forward(samples: Samples, indices: Uint32Array, contrast = 1): Float32Array {
    const { inputs } = this.plan;
    this.#count = indices.length;
    stageSamples(this.#arena, inputs, samples, indices, { contrast });
    for (const kind of ['signed', 'raw'] as const) {
      const { zero, scale } = LEVELS[kind];
      const offset = inputs.levels[kind];
      this.#arena.floats
        .fill(zero, offset, offset + LANES)
        .fill(scale * contrast, offset + LANES, offset + 2 * LANES);
    }
    this.#run(this.plan.forward);
    return this.#read(this.plan.probabilities);
  }

  /** Returns the output of a layer in the last `forward`: the layer of the logits, or one that the options name. */
  output(layer: string): LayerValues {
    return this.#values(this.plan.outputs, layer);
  }

  /** @param seeds for each layer of `options.of`, the derivatives of the samples' scalars, laid out as in `LayerValues` */
  backward(seeds: ReadonlyMap<string, Float32Array>): void {
    for (const [layer, tensor] of this.plan.seeds) this.#write(tensor, seeds.get(layer) as Float32Array);
    this.#run(this.plan.backward);
  }

  /** Returns the gradient by the output of a layer of `options.by`, after `backward`. */
  gradient(layer: string): LayerValues {
    return this.#values(this.plan.gradients, layer);
  }

  /**
   * Returns the gradient by the pixels of the frame, [index][size][size], if `options.by` holds the crops. The pixels are
   * as the crops read them: normalised by the mean and standard deviation of their frame, both taken as constants although
   * each pixel moves them a little; or, for crops of fixed levels, scaled by those.
   */
  frameGradient(): Float64Array {
    return this.toFrames((crop) => this.gradient(crop).values);
  }

  /**
   * Maps values of the crops among `by`, [index][height][width], back onto the frames, [index][size][size]. Overlapping
   * crops add up; pixels that no crop reads are 0.
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
    eachPosition(tensor, (offset, index) => {
      for (let i = 0; i < this.#count; i++) values[i * sizeOf(tensor) + index] = floats[offset + i];
    });
    return values;
  }

  /** Writes the values of a tensor; idle lanes get zeros. */
  #write(tensor: Tensor, values: Float32Array): void {
    const { floats } = this.#arena;
    eachPosition(tensor, (offset, index) => {
      floats.fill(0, offset, offset + LANES);
      for (let i = 0; i < this.#count; i++) floats[offset + i] = values[i * sizeOf(tensor) + index];
    });
  }
}

/** Calls `visit` for each position of a tensor: its offset in the arena, and its index in reading order. */
function eachPosition(tensor: Tensor, visit: (offset: number, index: number) => void): void {
  const { offset, channels, height, width, channelStride, rowStride } = tensor;
  for (let channel = 0, index = 0; channel < channels; channel++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++, index++) {
        visit(offset + channel * channelStride + row * rowStride + column * LANES, index);
      }
    }
  }
}
