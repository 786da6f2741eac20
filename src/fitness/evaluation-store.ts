import type { Evaluation } from './evaluation.ts';

/** Evaluations by their content keys, without the states of the trainings. */
export interface EvaluationStore {
  /** The evaluation, with its weights if it has some; `undefined` where it, or they, are not known. */
  get(key: string): Promise<Evaluation | undefined>;
  put(key: string, evaluation: Evaluation): Promise<void>;
}

/** Remembers evaluations as long as the process lives. */
export function memoryStore(): EvaluationStore {
  const known = new Map<string, Evaluation>();
  return {
    get: async (key) => known.get(key),
    put: async (key, evaluation) => {
      known.set(key, evaluation);
    },
  };
}

/** Whether an equal request would end alike: a crash or a time-out may not happen again. */
export function isRepeatable(evaluation: Evaluation): boolean {
  return evaluation.status === 'ok' || evaluation.reason === 'error' || evaluation.reason === 'diverged';
}
