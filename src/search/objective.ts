import type { SuccessfulEvaluation } from '../fitness/evaluation.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import type { Genome } from '../genome/genome.ts';

/** The outcome of the fitness evaluations of one genome. */
export interface Score {
  /** The highest rung that trained it. */
  readonly rung: number;
  /** Loss at each rung, the lowest first; `null` for rungs that were skipped. */
  readonly rungLosses: readonly (number | null)[];
  /** Validation loss (mean negative log-likelihood) at its highest rung, one for each seed. */
  readonly losses: readonly number[];
  /** Their mean, and the mean accuracy. */
  readonly loss: number;
  readonly accuracy: number;
  readonly parameters: number;
  readonly macs: number;
  /** Number of pixels of the frame that it reads. */
  readonly pixels: number;
  /** Measured milliseconds per face; only where it is an objective. */
  readonly latency?: number;
  /** Values of the objectives that the user defined, by name; means over the seeds. */
  readonly values?: Readonly<Record<string, number>>;
}

/** A genome after a fitness training, as a user's objective measures it. */
export interface MeasuredGenome {
  readonly genome: Genome;
  /** Its evaluation, with the class that it predicts for each of the rows. */
  readonly evaluation: SuccessfulEvaluation;
  /** Indices, in the data set, of the training rows that candidates are measured on. */
  readonly rows: Uint32Array;
}

/** An objective of your own. */
export interface CustomObjective {
  /** Names it in events and in the files of a run: letters, digits and hyphens. */
  readonly name: string;
  /** A value, above 0, that is as bad as useless: hypervolumes are measured from there. */
  readonly reference: number;
  /**
   * Measures a trained genome: a number from 0, the smaller the better. The same genome and evaluation must give the same number.
   */
  measure(measured: MeasuredGenome): number;
}

/** Something that a search can minimise. */
export interface Objective {
  readonly name: string;
  of(score: Score): number;
  /** Its value where hypervolumes are measured from: guessing all classes alike, the caps on the network, the whole face. */
  reference(bounds: GenomeBounds): number;
  /** Whether it measures how exact a network is, which falls with further training, rather than its cost. */
  readonly isExactness?: boolean;
  /** Whether the network's latency has to be measured for it. */
  readonly needsLatency?: boolean;
  /** The user's own definition. What it measures becomes a value of the score. */
  readonly custom?: CustomObjective;
}
