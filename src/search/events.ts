import type { FailureReason } from '../fitness/evaluation.ts';
import type { Genome } from '../genome/genome.ts';
import type { Measurement } from './measurement.ts';

/** Counts the training runs that are completed and planned. */
export interface Progress {
  readonly completed: number;
  readonly total: number;
}

/** Describes one generation after survival. */
export interface GenerationRecord {
  /** Index of the generation, from 0; texts for people count from 1. */
  readonly index: number;
  /** Share of the box below the reference point that the front dominates, 0 to 1. */
  readonly hypervolume: number;
  /** The non-dominated genomes of the run so far, the most accurate first. */
  readonly front: readonly GenerationMember[];
  /** Number of training runs of the generation, and of those that failed. */
  readonly evaluations: number;
  readonly failures: number;
  /** Number of samples that all fitness evaluations so far trained on. */
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

/** Names the genomes that are promoted to a rung. */
export interface PromotionRecord {
  /** Index of the generation, from 0. */
  readonly generation: number;
  readonly rung: number;
  readonly promoted: readonly string[];
}

/** Describes a completed training run of a genome, the baseline or a control. */
export interface EvaluationRecord {
  readonly purpose: 'baseline' | 'fitness' | 'random-search' | 'final' | 'shrinking' | 'control';
  /** Generation of a fitness evaluation, or round of shrinking, from 0. */
  readonly generation?: number;
  /** The rung that a fitness evaluation was trained to, and the index of its seed. */
  readonly rung?: number;
  readonly repeat?: number;
  readonly index: number;
  /** Hash of all inputs of the evaluation: equal keys mean equal evaluations. */
  readonly key: string;
  /** The genome's hash; for baseline and controls, the network's name. */
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
  /** The run begins: the number of planned generations, and those that an earlier process completed. */
  | {
      readonly type: 'start';
      readonly generations: number;
      readonly history: readonly GenerationRecord[];
      readonly progress: Progress;
    }
  | { readonly type: 'evaluation'; readonly evaluation: EvaluationRecord; readonly progress: Progress }
  | { readonly type: 'promotion'; readonly promotion: PromotionRecord; readonly progress: Progress }
  | { readonly type: 'generation'; readonly generation: GenerationRecord; readonly progress: Progress }
  /** The state of the search after a generation, counted from 0, is saved in the run folder. */
  | { readonly type: 'checkpoint'; readonly generation: number; readonly progress: Progress }
  /** The run met a problem that does not stop it, such as a damaged line in the history. */
  | { readonly type: 'warning'; readonly message: string; readonly progress: Progress }
  | { readonly type: 'baseline'; readonly baseline: Measurement; readonly progress: Progress }
  | { readonly type: 'final'; readonly finalists: readonly Measurement[]; readonly progress: Progress };
