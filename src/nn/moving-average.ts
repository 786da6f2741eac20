import type { Weights } from './session.ts';

/**
 * A moving average of weights over the steps of a training, running statistics among them (Polyak & Juditsky 1992;
 * Tarvainen & Valpola 2017, section 2).
 */
export class MovingAverage {
  readonly #decay: number;
  readonly #weights: Weights;

  /** @param start copied */
  constructor(decay: number, start: Weights) {
    this.#decay = decay;
    this.#weights = copyOf(start);
  }

  /** The average itself, not a copy: the next step changes it. */
  get weights(): Weights {
    return this.#weights;
  }

  copy(): Weights {
    return copyOf(this.#weights);
  }

  /**
   * Moves towards the weights after a step.
   *
   * @param step counted from 1; the first steps outweigh the average before them
   */
  add(weights: Weights, step: number): void {
    const share = 1 - Math.min(this.#decay, (1 + step) / (10 + step));
    for (const [name, average] of this.#weights) {
      const values = weights.get(name) as Float32Array;
      for (let i = 0; i < average.length; i++) average[i] += share * (values[i] - average[i]);
    }
  }
}

function copyOf(weights: Weights): Weights {
  return new Map(Array.from(weights, ([name, values]) => [name, values.slice()]));
}
