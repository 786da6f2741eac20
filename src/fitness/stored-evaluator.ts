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
 * Answers what a store knows and has the rest evaluated, equal requests once. What is new is in every store before it is
 * reported, but for failures that may not happen again (a crash, a time-out). Stores keep no states: a request that wants
 * one may be answered without.
 *
 * @param stores asked in turn; the first ones also get what a later one knows
 * @param keyOf the content key of a request
 */
export function storedEvaluator(
  inner: Evaluator,
  stores: readonly EvaluationStore[],
  keyOf: (request: TrainingRequest) => string,
): StoredEvaluator {
  return {
    async *evaluate(requests, options): AsyncGenerator<KeyedReport> {
      const places = new Map<string, number[]>(); // of each key in the list
      for (const [index, request] of requests.entries()) {
        const key = keyOf(request);
        places.set(key, [...(places.get(key) ?? []), index]);
      }
      const fresh: [key: string, indices: number[]][] = [];
      for (const [key, indices] of places) {
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
    close: () => inner.close(),
  };
}

async function find(stores: readonly EvaluationStore[], key: string): Promise<Evaluation | undefined> {
  for (const [place, store] of stores.entries()) {
    const evaluation = await store.get(key);
    if (evaluation === undefined) continue;
    await putInto(stores.slice(0, place), key, evaluation);
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
