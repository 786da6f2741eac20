import type { Interval, PairedDifference } from '../core/comparison.ts';
import { PLAIN_CONTROLS } from '../genome/controls.ts';
import type { Genome, PatchGene } from '../genome/genome.ts';
import type { AlignmentMethod } from '../landmarks/alignment.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { PatchMap } from '../maps/patch-map.ts';
import type { GenerationRecord } from '../search/events.ts';
import type { Measurement } from '../search/measurement.ts';

/** Compares a network with the baseline on the same validation rows, in pairs. */
export interface Comparison extends PairedDifference {
  /** Whether the interval lies above −margin. */
  readonly notWorse: boolean;
}

/** A genome with its scores from the search. */
export interface ScoredGenome {
  readonly genome: Genome;
  readonly hash: string;
  readonly summary: string;
  /** The highest rung of the fitness training that it reached. */
  readonly rung: number;
  /** Mean loss over the seeds of that training, on the inner split of the training rows; the accuracy likewise. */
  readonly loss: number;
  /** Standard deviation of the loss between seeds; `null` for a single one. */
  readonly deviation: number | null;
  readonly accuracy: number;
  readonly parameters: number;
  readonly macs: number;
  readonly coveredPixels: number;
}

/** A genome of the last population. */
export interface RankedGenome extends ScoredGenome {
  /** Index of its front within the population; 0 is the best. */
  readonly rank: number;
}

/** A genome that was trained in full. */
export interface Finalist extends Measurement {
  readonly genome: Genome;
  readonly hash: string;
  readonly summary: string;
  /** Comparison with the baseline; `null` without one. */
  readonly difference: Comparison | null;
}

/** The controls of a run: the best of many random layouts, and those that need no search. */
export const CONTROLS = ['random-layout', ...PLAIN_CONTROLS] as const;

/** Further ones of earlier releases: a random search within the bounds of the search; the whole face; the most pixels. */
export const FORMER_CONTROLS = ['random-search', 'whole-face-macs', 'most-pixels'] as const;

/** Describes a network that the chosen genome must beat, trained by the same recipe. */
export interface ControlMeasurement extends Measurement {
  readonly control: (typeof CONTROLS)[number] | (typeof FORMER_CONTROLS)[number];
  /** Number of random layouts that this one is the best of. */
  readonly layouts?: number;
  /** Where it looks; left out for the whole face, and in results of earlier releases. */
  readonly patches?: readonly PatchGene[];
  /**
   * Accuracy of the chosen genome minus that of the control, on the same validation rows; `null` for the whole face in results of
   * earlier releases.
   */
  readonly lead: PairedDifference | null;
}

/** Describes the chosen genome. If the run ended before training it in full, the results of that training are `null`. */
export interface BestGenome extends Omit<ScoredGenome, 'rung' | 'loss' | 'deviation' | 'accuracy'> {
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly interval95: Interval | null;
  readonly difference: Comparison | null;
  /** File of the trained network, relative to the run folder. */
  readonly model: string | null;
}

/** Holds the result of a run as plain data, the content of `result.json`. All except `timing` follows from the inputs. */
export interface EvolutionReport {
  readonly format: 1;
  readonly status: 'complete' | 'aborted';
  readonly seed: string;
  readonly engine: string;
  readonly numerics: string;
  /** Tolerated loss of accuracy against the baseline, 0 to 1. */
  readonly margin: number;
  readonly dataset: {
    readonly name: string;
    readonly hash: string;
    readonly classes: readonly string[];
    readonly frame: FrameGeometry;
    /** How the faces were aligned in their frames. */
    readonly align: AlignmentMethod;
    /** Number of rows that the final recipe trains on, and of rows of the validation split. */
    readonly training: number;
    readonly validation: number;
    /** Number of training rows left out because a validation or test row shows the same picture. */
    readonly copies: number;
  };
  /** Samples of a training step, if the faces are too few for the requested batch size. */
  readonly batchSizes?: { readonly fitness: number; readonly final: number };
  readonly baseline: Measurement | null;
  readonly best: BestGenome;
  /** The genomes that were trained in full, those with most parameters first. */
  readonly finalists: readonly Finalist[];
  /** The non-dominated genomes of the run, the most accurate first. */
  readonly front: readonly ScoredGenome[];
  /** The last population, best first. */
  readonly population: readonly RankedGenome[];
  /** Networks that nobody searched for, at the chosen genome's parameters and, except for the whole face, its pixels. */
  readonly controls: readonly ControlMeasurement[];
  /** Corner of the box of which hypervolumes are shares, by objective: guessing, and the allowed maximum. */
  readonly referencePoint: Readonly<Record<string, number>>;
  readonly history: readonly GenerationRecord[];
  /** Number of completed training runs, and of those that failed. */
  readonly evaluations: number;
  readonly failures: number;
  readonly timing: Timing;
}

/** Holds wall-clock times, the only part of a result that differs from run to run. */
export interface Timing {
  readonly workers: number;
  readonly totalSeconds: number;
  readonly searchSeconds: number;
  /** Sum of the times of all training runs, over all threads. */
  readonly trainingSeconds: number;
}

/** Genomes that a map shows: the chosen one, the front, or the last population, weighted by rank. */
export type MapSubject = 'best' | 'front' | 'population';

export interface EvolutionResult extends EvolutionReport {
  readonly best: BestGenome & {
    /**
     * Saves the trained network as a model file.
     *
     * @throws EvopatchError `ABORTED` if the run ended before the network was trained in full, `FILE_SYSTEM`.
     */
    save(file: string): Promise<void>;
  };
  /** Draws where patches look, over the mean face of the training rows. @param subject @defaultValue 'best' */
  patchMap(subject?: MapSubject): PatchMap;
}
