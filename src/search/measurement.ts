import type { Interval } from '../core/comparison.ts';

/** A network trained by the final recipe and measured on the run's validation rows. */
export interface Measurement {
  readonly network: string;
  readonly parameters: number;
  /** Multiply-accumulates of one forward pass. */
  readonly macs: number;
  /** Pixels of the frame that the network reads. */
  readonly coveredPixels: number;
  /** Mean negative log-likelihood, nats. */
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  /** 95 % interval of that accuracy. */
  readonly interval95: Interval;
}
