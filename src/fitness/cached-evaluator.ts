import {
  contentKey,
  type Evaluation,
  type FailedEvaluation,
  type SuccessfulEvaluation,
} from './evaluation.ts';
import type { EvaluationReport, Evaluator } from './evaluator.ts';

/**
 * Remembers evaluations by their content key, so that equal requests, in one list or in later ones, are evaluated
 * once. Failures that may not happen again (a crash, a time-out) are not remembered.
 */
export function cachedEvaluator(inner: Evaluator, datasetHash: string, numerics: string): Evaluator {
  const known = new Map<string, Evaluation>();
  return {
    async *evaluate(requests, options): AsyncGenerator<EvaluationReport> {
      const places = new Map<string, number[]>(); // of each key in the list
      for (const [index, request] of requests.entries()) {
        const key = contentKey(request, datasetHash, numerics);
        places.set(key, [...(places.get(key) ?? []), index]);
      }
      for (const [key, indices] of places) {
        const evaluation = known.get(key);
        if (evaluation === undefined) continue;
        places.delete(key);
        for (const index of indices) yield { index, evaluation, seconds: 0 };
      }
      const fresh = [...places];
      const firsts = fresh.map(([, indices]) => requests[indices[0]]);
      for await (const { index, evaluation, seconds } of inner.evaluate(firsts, options)) {
        const [key, [first, ...repeats]] = fresh[index];
        if (isFinal(evaluation)) known.set(key, evaluation);
        yield { index: first, evaluation, seconds };
        for (const repeat of repeats) yield { index: repeat, evaluation, seconds: 0 };
      }
    },
    close: () => inner.close(),
  };
}

function isFinal(evaluation: SuccessfulEvaluation | FailedEvaluation): boolean {
  return evaluation.status === 'ok' || evaluation.reason === 'error' || evaluation.reason === 'diverged';
}
