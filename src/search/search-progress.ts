import type { GenerationMember, GenerationRecord } from './events.ts';
import { frontHypervolume } from './objectives.ts';
import { type Individual, initialState, type SearchSettings, type SearchState } from './search-state.ts';

/** A search and the records of its generations: plain data, the content of a checkpoint. */
export interface SearchProgress {
  readonly state: SearchState;
  readonly history: readonly GenerationRecord[];
}

export const initialProgress: SearchProgress = { state: initialState, history: [] };

/** The cost of some fitness evaluations. */
export interface FitnessCost {
  readonly evaluations: number;
  readonly failures: number;
  /** Samples that they saw; an evaluation that continues from a rung counts from there. */
  readonly samplesSeen: number;
}

/** Adds a generation to the progress of a search. */
export function progressAfter(
  { history }: SearchProgress,
  state: SearchState,
  { evaluations, failures, samplesSeen }: FitnessCost,
  settings: Pick<SearchSettings, 'bounds' | 'objectives'>,
): SearchProgress {
  const record: GenerationRecord = {
    index: history.length,
    hypervolume: frontHypervolume(state.front, settings),
    front: state.front.map(memberOf),
    evaluations,
    failures,
    samplesSeen: (history.at(-1)?.samplesSeen ?? 0) + samplesSeen,
  };
  return { state, history: [...history, record] };
}

function memberOf({ hash, loss, losses, accuracy, parameters }: Individual): GenerationMember {
  return { hash, loss, deviation: deviationOf(losses), accuracy, parameters };
}

/** Sample standard deviation; `null` for a single value. */
export function deviationOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
