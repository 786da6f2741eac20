import type { FailureReason } from '../fitness/evaluation.ts';
import type { Genome } from '../genome/genome.ts';
import type { Measurement } from './measurement.ts';

/** How far a run has come, in training runs. */
export interface Progress {
  readonly completed: number;
  readonly total: number;
}

/** One generation, after survival. */
export interface GenerationRecord {
  /** From 0; what people read counts from 1. */
  readonly index: number;
  /** Share of the box below the reference point that the front dominates, 0 to 1. */
  readonly hypervolume: number;
  /** The non-dominated genomes of the run so far, the most exact first. */
  readonly front: readonly GenerationMember[];
  /** Training runs of the generation, and those that failed. */
  readonly evaluations: number;
  readonly failures: number;
  /** Samples that all fitness evaluations up to here saw. */
  readonly samplesSeen: number;
}

export interface GenerationMember {
  readonly hash: string;
  readonly loss: number;
  /** Standard deviation of the loss between seeds; `null` for a single one. */
  readonly deviation: number | null;
  readonly accuracy: number;
  readonly parameters: number;
}

/** Genomes that go on to a rung. */
export interface PromotionRecord {
  /** From 0. */
  readonly generation: number;
  readonly rung: number;
  readonly promoted: readonly string[];
}

/** A training run that has ended: of a genome, of the baseline or of the control. */
export interface EvaluationRecord {
  readonly purpose: 'baseline' | 'fitness' | 'random-search' | 'final' | 'control';
  /** Where a fitness evaluation belongs; from 0. */
  readonly generation?: number;
  /** The rung of the ladder that it was trained to, and the number of its seed. */
  readonly rung?: number;
  readonly repeat?: number;
  readonly index: number;
  /** Hash of all that the evaluation depends on: equal keys, equal evaluations. */
  readonly key: string;
  /** The genome's hash; the network's name for baseline and control. */
  readonly network: string;
  readonly status: 'ok' | 'failed';
  readonly loss?: number;
  readonly accuracy?: number;
  readonly parameters?: number;
  readonly macs?: number;
  readonly reason?: FailureReason;
  readonly message?: string;
  readonly seconds: number;
  readonly genome?: Genome;
}

export type EvolutionEvent =
  /** The generations that are planned, and those that an earlier process of the run ended. */
  | {
      readonly type: 'start';
      readonly generations: number;
      readonly history: readonly GenerationRecord[];
      readonly progress: Progress;
    }
  | { readonly type: 'evaluation'; readonly evaluation: EvaluationRecord; readonly progress: Progress }
  | { readonly type: 'promotion'; readonly promotion: PromotionRecord; readonly progress: Progress }
  | { readonly type: 'generation'; readonly generation: GenerationRecord; readonly progress: Progress }
  /** The state of the search after a generation, counted from 0, is safe in the run folder. */
  | { readonly type: 'checkpoint'; readonly generation: number; readonly progress: Progress }
  /** Something is wrong that the run can do without, as a damaged line in the history. */
  | { readonly type: 'warning'; readonly message: string; readonly progress: Progress }
  | { readonly type: 'baseline'; readonly baseline: Measurement; readonly progress: Progress }
  | { readonly type: 'final'; readonly finalists: readonly Measurement[]; readonly progress: Progress };
