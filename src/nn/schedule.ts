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

  /** Rate of a step, counted from 0. */
  at(step: number): number {
    const { learningRate, schedule, warmup } = this.#config;
    const climb = Math.floor(warmup * this.#steps);
    if (step < climb) return (learningRate * (step + 1)) / climb;
    if (schedule !== 'cosine') return learningRate * this.#factor;
    return learningRate * 0.5 * (1 + cos((Math.PI * (step - climb)) / Math.max(1, this.#steps - climb)));
  }

  /** Tells the schedule 'plateau' the loss of an epoch. */
  epochEnded(loss: number): void {
    if (loss < this.#lowest - PLATEAU_THRESHOLD) {
      this.#lowest = loss;
      this.#stalled = 0;
    } else if (++this.#stalled >= PLATEAU_PATIENCE && this.#config.schedule === 'plateau') {
      this.#factor *= PLATEAU_FACTOR;
      this.#stalled = 0;
    }
  }
}
