import { EvopatchError } from '../core/errors.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Arena, Engine } from './engine.ts';
import { LANES, type Tensor } from './layout.ts';
import type { Parameter } from './parameters.ts';
import { type Plan, planNetwork, type TrainingPlaces, type TrainingPlanOptions } from './plan.ts';
import { frameStatistics, type Samples } from './samples.ts';

/** Named arrays of weights and running statistics, in the shapes of the model file. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** How a sample is seen: moved by whole pixels and flipped left to right. */
export interface View {
  readonly shiftX: number;
  readonly shiftY: number;
  readonly flip: boolean;
}

const AS_IT_IS: View = { shiftX: 0, shiftY: 0, flip: false };

/** The words of an optimiser's step; see `TrainingPlaces.settings`. */
export type UpdateSettings = readonly number[];

/** A network in an arena, ready to run. It owns its memory; let go of it and the memory is freed. */
export class Session {
  readonly plan: Plan;
  readonly #arena: Arena;

  /** @throws EvopatchError `INVALID_NETWORK`, `INVALID_OPTION` for a batch that is no multiple of 16. */
  constructor(engine: Engine, spec: NetworkSpec, batchSize: number, training?: TrainingPlanOptions) {
    if (!Number.isInteger(batchSize / LANES) || batchSize < LANES) {
      const hint = `Use a multiple of ${LANES}`;
      throw new EvopatchError('INVALID_OPTION', 'the batch does not fill whole blocks', {
        option: 'batchSize',
        given: batchSize,
        hint,
      });
    }
    this.plan = planNetwork(spec, batchSize, training);
    this.#arena = engine.createArena(this.plan.words);
    for (const { offset, words } of this.plan.constants) this.#arena.integers.set(words, offset);
    if (training) this.configure({ clipNorm: 0, temperature: 1 });
  }

  /** Copies of all weights and running statistics. */
  weights(): Map<string, Float32Array> {
    const { floats } = this.#arena;
    const weights = new Map<string, Float32Array>();
    for (const parameter of this.plan.parameters.parameters) {
      const values = new Float32Array(sizeOf(parameter));
      eachRow(parameter, (at, place, length) => values.set(floats.subarray(place, place + length), at));
      weights.set(parameter.name, values);
    }
    return weights;
  }

  /** @throws EvopatchError `INVALID_MODEL` where an array is missing or has another length. */
  setWeights(weights: Weights): void {
    const { floats } = this.#arena;
    for (const parameter of this.plan.parameters.parameters) {
      const values = weights.get(parameter.name);
      if (values?.length !== sizeOf(parameter)) {
        throw new EvopatchError(
          'INVALID_MODEL',
          `the network needs ${sizeOf(parameter)} numbers '${parameter.name}'`,
          {
            given: values?.length ?? 'none',
          },
        );
      }
      eachRow(parameter, (at, place, length) => floats.set(values.subarray(at, at + length), place));
    }
  }

  /** Gradients of the last training step, named and shaped like the weights. */
  gradients(): Map<string, Float32Array> {
    const shift = this.#training().gradients - this.plan.parameters.start;
    const gradients = new Map<string, Float32Array>();
    for (const parameter of this.plan.parameters.parameters.filter(({ trainable }) => trainable)) {
      const values = new Float32Array(sizeOf(parameter));
      eachRow(parameter, (at, place, length) =>
        values.set(this.#arena.floats.subarray(place + shift, place + shift + length), at),
      );
      gradients.set(parameter.name, values);
    }
    return gradients;
  }

  /** Copies of what the optimiser remembers, as in `TrainingPlaces.moments`. */
  moments(): Float32Array[] {
    const { words } = this.plan.parameters;
    return this.#training().moments.map((offset) => this.#arena.floats.slice(offset, offset + words));
  }

  setMoments(moments: readonly Float32Array[]): void {
    for (const [i, offset] of this.#training().moments.entries()) this.#arena.floats.set(moments[i], offset);
  }

  /** Sets what stays the same over many steps: the longest gradient (0) and the softmax's temperature (1). */
  configure({ clipNorm, temperature }: { clipNorm: number; temperature: number }): void {
    const { clipLimit, inverseTemperature } = this.#training();
    this.#arena.floats[clipLimit] = clipNorm;
    this.#arena.floats[inverseTemperature] = 1 / temperature;
  }

  /**
   * One training step on a full batch. `targets` are probabilities, [sample][class].
   *
   * @returns the mean cross-entropy before the step.
   */
  train(
    samples: Samples,
    indices: Uint32Array,
    views: readonly View[],
    targets: Float32Array,
    settings: UpdateSettings,
    dropoutSeed: number,
  ): number {
    const places = this.#training();
    const { floats, integers } = this.#arena;
    const { batchSize, spec } = this.plan;
    this.#stage(samples, indices, views);
    for (let i = 0; i < batchSize; i++) {
      for (let k = 0; k < spec.classes; k++)
        floats[placeOf(places.targets, i, k)] = targets[i * spec.classes + k];
    }
    floats.set(settings, places.settings);
    floats[places.lossScale] = 1 / batchSize;
    integers[this.plan.inputs.dropoutSeed] = dropoutSeed;
    this.#arena.run(this.plan.tensors, this.plan.train, batchSize / LANES);
    let sum = 0;
    for (let i = 0; i < batchSize; i++) sum += floats[placeOf(places.loss, i, 0)];
    return sum / batchSize;
  }

  /** Class probabilities of some samples, [index][class]. */
  predict(samples: Samples, indices: Uint32Array): Float32Array {
    const { batchSize, spec, probabilities } = this.plan;
    const result = new Float32Array(indices.length * spec.classes);
    for (let first = 0; first < indices.length; first += batchSize) {
      const part = indices.subarray(first, first + batchSize);
      this.#stage(samples, part, []);
      this.#arena.run(this.plan.tensors, this.plan.predict, Math.ceil(part.length / LANES));
      for (let i = 0; i < part.length; i++) {
        for (let k = 0; k < spec.classes; k++) {
          result[(first + i) * spec.classes + k] = this.#arena.floats[placeOf(probabilities, i, k)];
        }
      }
    }
    return result;
  }

  #training(): TrainingPlaces {
    return this.plan.training as TrainingPlaces;
  }

  /** Brings frames, views and statistics into the arena; idle lanes of the last block repeat the last sample. */
  #stage(samples: Samples, indices: Uint32Array, views: readonly View[]): void {
    const { inputs } = this.plan;
    const { bytes, integers, floats } = this.#arena;
    const pixels = inputs.frameSize ** 2;
    const statistics = frameStatistics(samples);
    const lanes = Math.ceil(indices.length / LANES) * LANES;
    for (let i = 0; i < lanes; i++) {
      const sample = indices[Math.min(i, indices.length - 1)];
      bytes.set(
        samples.frames.subarray(sample * pixels, (sample + 1) * pixels),
        inputs.frames * 4 + i * pixels,
      );
      const { shiftX, shiftY, flip } = views[i] ?? AS_IT_IS;
      integers.set([shiftX, shiftY, flip ? 1 : 0], inputs.samples + 3 * i);
      const place = inputs.statistics + Math.floor(i / LANES) * 2 * LANES + (i % LANES);
      floats[place] = statistics[2 * sample];
      floats[place + LANES] = statistics[2 * sample + 1];
    }
  }
}

/** Place of one number of a flat tensor. */
function placeOf(tensor: Tensor, sample: number, channel: number): number {
  const block = Math.floor(sample / LANES);
  return tensor.offset + block * tensor.blockStride + channel * tensor.channelStride + (sample % LANES);
}

function sizeOf(parameter: Parameter): number {
  return parameter.shape.reduce((a, b) => a * b, 1);
}

/** Calls `visit` for each row of a parameter: place in the array, place in the arena, length. */
function eachRow(parameter: Parameter, visit: (at: number, place: number, length: number) => void): void {
  const length = parameter.shape.at(-1) ?? 1;
  const rows = sizeOf(parameter) / length;
  for (let row = 0; row < rows; row++)
    visit(row * length, parameter.offset + row * parameter.rowStride, length);
}
