import { cos } from '../core/portable-math.ts';
import type { TrainingConfig } from './training-config.ts';

const PLATEAU_PATIENCE = 3;
const PLATEAU_FACTOR = 1 / 3;
const PLATEAU_THRESHOLD = 1e-4;

/** The learning rate over the steps of a training. */
export class LearningRate {
  readonly #config: TrainingConfig;
  readonly #steps: number;
  #factor = 1;
  #lowest = Number.POSITIVE_INFINITY;
  #stalled = 0;

  constructor(config: TrainingConfig, steps: number) {
    this.#config = config;
    this.#steps = steps;
  }

  /** Returns the rate of a step, counted from 0. */
  at(step: number): number {
    const { learningRate, schedule, warmup } = this.#config;
    const rise = Math.floor(warmup * this.#steps);
    if (step < rise) return (learningRate * (step + 1)) / rise;
    if (schedule !== 'cosine') return learningRate * this.#factor;
    return learningRate * 0.5 * (1 + cos((Math.PI * (step - rise)) / Math.max(1, this.#steps - rise)));
  }

  /** Records the loss of an epoch, which the schedule 'plateau' follows. */
  recordLoss(loss: number): void {
    if (loss < this.#lowest - PLATEAU_THRESHOLD) {
      this.#lowest = loss;
      this.#stalled = 0;
    } else if (++this.#stalled >= PLATEAU_PATIENCE && this.#config.schedule === 'plateau') {
      this.#factor *= PLATEAU_FACTOR;
      this.#stalled = 0;
    }
  }
}
