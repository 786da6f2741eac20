import type { Evaluation, FailedEvaluation, SuccessfulEvaluation } from './evaluation.ts';

/** Stores evaluations by their content keys, without the states of the trainings. */
export interface EvaluationStore {
  /** Finds an evaluation, with its weights if it has some; `undefined` if either is missing. */
  get(key: string): Promise<Evaluation | undefined>;
  put(key: string, evaluation: Evaluation): Promise<void>;
}

/** Opens a store in memory. */
export function memoryStore(): EvaluationStore {
  const known = new Map<string, Evaluation>();
  return {
    get: async (key) => known.get(key),
    put: async (key, evaluation) => {
      known.set(key, evaluation);
    },
  };
}

/** Whether an equal request would end the same way: a crash or a time-out may not happen again. */
export function isRepeatable(
  evaluation: Pick<SuccessfulEvaluation, 'status'> | Pick<FailedEvaluation, 'status' | 'reason'>,
): boolean {
  return evaluation.status === 'ok' || evaluation.reason === 'error' || evaluation.reason === 'diverged';
}
