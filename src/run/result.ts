import type { Interval, PairedDifference } from '../core/comparison.ts';
import type { Genome } from '../genome/genome.ts';
import type { AlignmentMethod } from '../landmarks/alignment.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { PatchMap } from '../maps/patch-map.ts';
import type { GenerationRecord } from '../search/events.ts';
import type { Measurement } from '../search/measurement.ts';

/** A paired comparison with the baseline on the same validation rows. */
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
  /** Scores of that training on the inner split of the training rows, means over its seeds. */
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
  /** Number of its front within the population; 0 is the best. */
  readonly rank: number;
}

/** A genome that was trained in full. */
export interface Finalist extends Measurement {
  readonly genome: Genome;
  readonly hash: string;
  readonly summary: string;
  /** Against the baseline; `null` without one. */
  readonly difference: Comparison | null;
}

export const CONTROLS = [
  'random-search',
  'centre-crop',
  'uniform-grid',
  'hand-placed',
  'whole-face-macs',
  'most-pixels',
] as const;

/** A network that the chosen genome has to beat, trained by the same recipe. */
export interface ControlMeasurement extends Measurement {
  readonly control: (typeof CONTROLS)[number];
  /** By how much the chosen genome is more accurate, on the same validation rows. */
  readonly lead: PairedDifference;
}

/** The chosen genome. Where a run ended before it was trained in full, what that would have shown is `null`. */
export interface BestGenome extends Omit<ScoredGenome, 'rung' | 'loss' | 'deviation' | 'accuracy'> {
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
  readonly interval95: Interval | null;
  readonly difference: Comparison | null;
  /** File of the trained network, relative to the run folder. */
  readonly model: string | null;
}

/** What a run found, as plain data: the content of `result.json`. All but `timing` follows from the inputs alone. */
export interface EvolutionReport {
  readonly format: 1;
  readonly status: 'complete' | 'aborted';
  readonly seed: string;
  readonly engine: string;
  readonly numerics: string;
  /** Loss of accuracy against the baseline that does not matter, 0 to 1. */
  readonly margin: number;
  readonly dataset: {
    readonly name: string;
    readonly hash: string;
    readonly classes: readonly string[];
    readonly frame: FrameGeometry;
    /** How the faces were brought into their frames. */
    readonly align: AlignmentMethod;
    /** Rows that the final recipe trains on, and rows of the validation split. */
    readonly training: number;
    readonly validation: number;
    /** Training rows left out because a validation or test row shows the same picture. */
    readonly copies: number;
  };
  /** Samples of a training step, where the faces do not fill one of the size that was asked for. */
  readonly batchSizes?: { readonly fitness: number; readonly final: number };
  readonly baseline: Measurement | null;
  readonly best: BestGenome;
  /** The whole face at the best genome's number of parameters. */
  readonly wholeFaceControl: Measurement | null;
  /** The genomes that were trained in full, the largest first. */
  readonly finalists: readonly Finalist[];
  /** The genomes that no other of the run beats in every objective, the most exact first. */
  readonly front: readonly ScoredGenome[];
  /** The last population, best first. */
  readonly population: readonly RankedGenome[];
  /** Further controls, where they were asked for. */
  readonly furtherControls: readonly ControlMeasurement[];
  /** Corner of the box that hypervolumes are shares of, by objective: guessing, and the most allowed. */
  readonly referencePoint: Readonly<Record<string, number>>;
  readonly history: readonly GenerationRecord[];
  /** Training runs that ended, and those among them that failed. */
  readonly evaluations: number;
  readonly failures: number;
  readonly timing: Timing;
}

/** Wall-clock times; the one part of a result that differs from run to run. */
export interface Timing {
  readonly workers: number;
  readonly totalSeconds: number;
  readonly searchSeconds: number;
  /** Sum over all training runs, as the threads took them. */
  readonly trainingSeconds: number;
}

/** Whose patches a map shows: the chosen genome's, the front's, or the last population's, weighted by rank. */
export type MapSubject = 'best' | 'front' | 'population';

export interface EvolutionResult extends EvolutionReport {
  readonly best: BestGenome & {
    /**
     * Saves the trained network as a model file.
     *
     * @throws EvopatchError `ABORTED` where the run ended before the network was trained in full, `FILE_SYSTEM`.
     */
    save(file: string): Promise<void>;
  };
  /** Where patches look, over the mean face of the training rows. @param subject 'best' where left out */
  patchMap(subject?: MapSubject): PatchMap;
}
