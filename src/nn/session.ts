import type { NetworkSpec } from '../network/spec.ts';
import type { Arena, Engine } from './engine.ts';
import { LANES, type Tensor } from './layout.ts';
import type { NetworkSession, SessionTraining, UpdateSettings } from './network-session.ts';
import type { Parameter, Weights } from './parameters.ts';
import { type Plan, planNetwork, type TrainingBuffers } from './plan.ts';
import type { Samples } from './samples.ts';
import { checkBatchSize, readParameters, stageFrame, stageSamples, writeWeights } from './staging.ts';
import { type Distillation, termWeights } from './teacher.ts';
import type { Team, TeamWork } from './team.ts';
import type { View } from './view.ts';

export type { Weights } from './parameters.ts';
export type { View } from './view.ts';

/** Samples that take less time one by one than as a block. */
const MOST_ALONE = LANES / 2;

/** A network in an arena, ready to run. It owns its memory, which is freed with it. */
export class Session implements NetworkSession {
  readonly plan: Plan;
  readonly #arena: Arena;
  /** Weights of the two terms of the loss with a teacher. */
  #terms = { hard: 1, soft: 0 };
  readonly #team: Team | undefined;
  readonly #work: TeamWork | undefined;

  /**
   * @param training if left out, the session only predicts
   * @param team threads of the same engine that share the training steps
   * @throws EvopatchError `INVALID_NETWORK`, `INVALID_OPTION` for a batch that is no multiple of 16.
   */
  constructor(engine: Engine, spec: NetworkSpec, batchSize: number, training?: SessionTraining, team?: Team) {
    checkBatchSize(batchSize);
    const shared = training && team && engine.shared;
    this.plan = planNetwork(spec, batchSize, training && { ...training, threads: shared ? team.threads : 1 });
    const { words, tensors, train } = this.plan;
    if (shared) {
      const memory = team.lendMemory(words);
      this.#arena = shared.open(memory);
      this.#team = team;
      this.#work = { memory, tensors, blocks: batchSize / LANES, segments: train };
    } else {
      this.#arena = engine.createArena(words);
    }
    for (const { offset, words } of this.plan.constants) this.#arena.integers.set(words, offset);
    if (training) this.configure({ clipNorm: 0, temperature: 1 });
  }

  get parameters(): readonly Parameter[] {
    return this.plan.parameters.parameters;
  }

  weights(): Map<string, Float32Array> {
    return readParameters(this.#arena, this.parameters);
  }

  setWeights(weights: Weights): void {
    writeWeights(this.#arena, this.parameters, weights);
    const { oneFace, tensors } = this.plan;
    if (oneFace) this.#arena.run(tensors, oneFace.prepare, 1);
  }

  /** Copies the gradients of the last training step, named and shaped like the weights. */
  gradients(): Map<string, Float32Array> {
    const shift = this.#training().gradients - this.plan.parameters.start;
    const trainable = this.parameters.filter((parameter) => parameter.trainable);
    return readParameters(this.#arena, trainable, shift);
  }

  moments(): Float32Array[] {
    const { words } = this.plan.parameters;
    return this.#training().moments.map((offset) => this.#arena.floats.slice(offset, offset + words));
  }

  setMoments(moments: readonly Float32Array[]): void {
    for (const [i, offset] of this.#training().moments.entries()) this.#arena.floats.set(moments[i], offset);
  }

  configure({ clipNorm, temperature }: { clipNorm: number; temperature: number }): void {
    const { clipLimit, inverseTemperature, lossScale } = this.#training();
    this.#arena.floats[lossScale] = 1 / this.plan.batchSize;
    this.#arena.floats[clipLimit] = clipNorm;
    this.#arena.floats[inverseTemperature] = 1 / temperature;
  }

  setDistillation(distillation: Distillation): void {
    const { lossScale, teacher } = this.#training();
    if (teacher === undefined) return;
    const { hard, soft } = termWeights(distillation);
    const { floats } = this.#arena;
    floats[lossScale] = hard / this.plan.batchSize;
    floats[teacher.lossScale] = soft / this.plan.batchSize;
    floats[teacher.inverseTemperature] = 1 / distillation.temperature;
    this.#terms = { hard, soft };
  }

  train(
    samples: Samples,
    indices: Uint32Array,
    views: readonly View[],
    targets: Float32Array,
    settings: UpdateSettings,
    dropoutSeed: number,
    teacherTargets?: Float32Array,
  ): number {
    const buffers = this.#training();
    const { floats, integers } = this.#arena;
    const { batchSize } = this.plan;
    stageSamples(this.#arena, this.plan.inputs, samples, indices, { views });
    this.#writeTargets(buffers.targets, targets);
    if (buffers.teacher && teacherTargets) this.#writeTargets(buffers.teacher.targets, teacherTargets);
    floats.set(settings, buffers.settings);
    integers[this.plan.inputs.dropoutSeed] = dropoutSeed;
    if (this.#team && this.#work) this.#team.run(this.#arena, this.#work);
    else this.#arena.run(this.plan.tensors, this.plan.train[0][0], batchSize / LANES);
    if (buffers.teacher === undefined) return this.#meanOf(buffers.loss);
    const { hard, soft } = this.#terms;
    return hard * this.#meanOf(buffers.loss) + soft * this.#meanOf(buffers.teacher.loss);
  }

  #writeTargets(tensor: Tensor, targets: Float32Array): void {
    const { classes } = this.plan.spec;
    for (let i = 0; i < this.plan.batchSize; i++) {
      for (let k = 0; k < classes; k++) {
        this.#arena.floats[offsetOf(tensor, i, k)] = targets[i * classes + k];
      }
    }
  }

  #meanOf(tensor: Tensor): number {
    let sum = 0;
    for (let i = 0; i < this.plan.batchSize; i++) sum += this.#arena.floats[offsetOf(tensor, i, 0)];
    return sum / this.plan.batchSize;
  }

  /** As in `NetworkSession`; samples left over from full blocks run alone if they are few, to the same bits. */
  predict(samples: Samples, indices: Uint32Array): Float32Array {
    const { batchSize, spec, oneFace } = this.plan;
    const result = new Float32Array(indices.length * spec.classes);
    const rest = indices.length % LANES;
    const together = oneFace && rest <= MOST_ALONE ? indices.length - rest : indices.length;
    for (let first = 0; first < together; first += batchSize) {
      const part = indices.subarray(first, Math.min(first + batchSize, together));
      this.#predictBlocks(samples, part, result.subarray(first * spec.classes));
    }
    for (let i = together; oneFace && i < indices.length; i++) {
      stageFrame(this.#arena, this.plan.inputs, samples, indices[i]);
      this.#arena.run(this.plan.tensors, oneFace.predict, 1);
      const { offset } = oneFace.probabilities;
      result.set(this.#arena.floats.subarray(offset, offset + spec.classes), i * spec.classes);
    }
    return result;
  }

  #predictBlocks(samples: Samples, indices: Uint32Array, result: Float32Array): void {
    const { spec, probabilities, inputs, tensors, predict } = this.plan;
    stageSamples(this.#arena, inputs, samples, indices);
    this.#arena.run(tensors, predict, Math.ceil(indices.length / LANES));
    for (let i = 0; i < indices.length; i++) {
      for (let k = 0; k < spec.classes; k++) {
        result[i * spec.classes + k] = this.#arena.floats[offsetOf(probabilities, i, k)];
      }
    }
  }

  #training(): TrainingBuffers {
    return this.plan.training as TrainingBuffers;
  }
}

/** Finds the offset of one number of a flat tensor. */
function offsetOf(tensor: Tensor, sample: number, channel: number): number {
  const block = Math.floor(sample / LANES);
  return tensor.offset + block * tensor.blockStride + channel * tensor.channelStride + (sample % LANES);
}
