import type { Evaluation, TrainingRequest } from './evaluation.ts';
import { type EvaluationStore, isRepeatable } from './evaluation-store.ts';
import type { EvaluationReport, Evaluator } from './evaluator.ts';

export interface KeyedReport extends EvaluationReport {
  readonly key: string;
}

export interface StoredEvaluator extends Evaluator {
  evaluate(...args: Parameters<Evaluator['evaluate']>): AsyncIterable<KeyedReport>;
}

/**
 * Answers from the stores and evaluates the rest, equal requests once. It puts new evaluations into every store before
 * it reports them, except failures that may not happen again (a crash, a time-out). Stores keep no states: a stored
 * answer lacks the state that its request asks for.
 *
 * @param stores searched in order; an evaluation that one holds is copied to those before it
 * @param keyOf the content key of a request
 */
export function storedEvaluator(
  inner: Evaluator,
  stores: readonly EvaluationStore[],
  keyOf: (request: TrainingRequest) => string,
): StoredEvaluator {
  return {
    async *evaluate(requests, options): AsyncGenerator<KeyedReport> {
      const indicesByKey = new Map<string, number[]>();
      for (const [index, request] of requests.entries()) {
        const key = keyOf(request);
        indicesByKey.set(key, [...(indicesByKey.get(key) ?? []), index]);
      }
      const fresh: [key: string, indices: number[]][] = [];
      for (const [key, indices] of indicesByKey) {
        const evaluation = await find(stores, key);
        if (evaluation === undefined) fresh.push([key, indices]);
        else for (const index of indices) yield { index, key, evaluation, seconds: 0 };
      }
      const firsts = fresh.map(([, indices]) => requests[indices[0]]);
      for await (const { index, evaluation, seconds } of inner.evaluate(firsts, options)) {
        const [key, [first, ...repeats]] = fresh[index];
        if (isRepeatable(evaluation)) await putInto(stores, key, withoutState(evaluation));
        yield { index: first, key, evaluation, seconds };
        for (const repeat of repeats) yield { index: repeat, key, evaluation, seconds: 0 };
      }
    },
    get parallelism() {
      return inner.parallelism;
    },
    close: () => inner.close(),
  };
}

async function find(stores: readonly EvaluationStore[], key: string): Promise<Evaluation | undefined> {
  for (const [index, store] of stores.entries()) {
    const evaluation = await store.get(key);
    if (evaluation === undefined) continue;
    await putInto(stores.slice(0, index), key, evaluation);
    return evaluation;
  }
  return undefined;
}

async function putInto(stores: readonly EvaluationStore[], key: string, evaluation: Evaluation) {
  for (const store of stores) await store.put(key, evaluation);
}

function withoutState(evaluation: Evaluation): Evaluation {
  if (evaluation.status === 'failed') return evaluation;
  const { state: _, ...rest } = evaluation;
  return rest;
}
