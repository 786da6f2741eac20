import { describe, expect, test } from 'vitest';
import { contentKey, type Evaluation, type TrainingRequest } from '../../src/fitness/evaluation.ts';
import { type EvaluationStore, memoryStore } from '../../src/fitness/evaluation-store.ts';
import type { Evaluator } from '../../src/fitness/evaluator.ts';
import { storedEvaluator } from '../../src/fitness/stored-evaluator.ts';
import { dataset, evaluateAll, request } from './requests.ts';

/** Answers at once and records the requests. */
function recording(answer: (request: TrainingRequest) => Evaluation): Evaluator & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async *evaluate(requests) {
      for (const [index, one] of requests.entries()) {
        asked.push(one.seed);
        yield { index, evaluation: answer(one), seconds: 1 };
      }
    },
    async close() {
      asked.push('closed');
    },
  };
}

const keyOf = (one: TrainingRequest) => contentKey(one, dataset.hash, 'fused');
const stored = (inner: Evaluator, ...stores: EvaluationStore[]) => storedEvaluator(inner, stores, keyOf);
const diverged = ({ seed }: TrainingRequest): Evaluation => ({
  status: 'failed',
  reason: 'diverged',
  message: seed,
});

describe('an evaluator with stores', () => {
  test('evaluates equal requests once, within a list and from list to list', async () => {
    const inner = recording(diverged);
    const evaluator = stored(inner, memoryStore());
    const messages = (evaluations: Evaluation[]) => evaluations.map((one) => 'message' in one && one.message);
    const first = await evaluateAll(evaluator, [request('a'), request('b'), request('a')]);
    expect(messages(first)).toEqual(['a', 'b', 'a']);
    const second = await evaluateAll(evaluator, [request('c'), request('b'), request('a')]);
    expect(messages(second)).toEqual(['c', 'b', 'a']);
    expect(inner.asked).toEqual(['a', 'b', 'c']);
    await evaluator.close();
    expect(inner.asked.at(-1)).toBe('closed');
  });

  test('takes no time for known evaluations, and reports the keys', async () => {
    const evaluator = stored(recording(diverged), memoryStore());
    const reports = [];
    for await (const report of evaluator.evaluate([request('a'), request('a')])) reports.push(report);
    for await (const report of evaluator.evaluate([request('a')])) reports.push(report);
    expect(reports.map(({ seconds }) => seconds)).toEqual([1, 0, 0]);
    expect(reports.map(({ key }) => key)).toEqual(reports.map(() => keyOf(request('a'))));
  });

  test('does not store failures that may not happen again', async () => {
    const inner = recording(({ seed }) => ({ status: 'failed', reason: 'crash', message: seed }));
    const evaluator = stored(inner, memoryStore());
    await evaluateAll(evaluator, [request('a')]);
    await evaluateAll(evaluator, [request('a')]);
    expect(inner.asked).toEqual(['a', 'a']);
  });

  test('stores no state, but reports it once', async () => {
    const state = { weights: new Map(), moments: [], powers: [1, 1] as const };
    const scores = { loss: 1, accuracy: 0.5, error: 0.5, parameters: 1, macs: 1 };
    const evaluation: Evaluation = {
      status: 'ok',
      ...scores,
      history: [],
      predictions: new Uint8Array(2),
      state,
    };
    const evaluator = stored(
      recording(() => evaluation),
      memoryStore(),
    );
    expect(await evaluateAll(evaluator, [request('a')])).toEqual([evaluation]);
    const { state: _, ...stateless } = evaluation;
    expect(await evaluateAll(evaluator, [request('a')])).toEqual([stateless]);
  });

  test('searches its stores in order and copies evaluations of the second into the first', async () => {
    const [own, shared] = [memoryStore(), memoryStore()];
    const inner = recording(diverged);
    await evaluateAll(stored(inner, shared), [request('a')]);
    await evaluateAll(stored(inner, own, shared), [request('a'), request('b')]);
    expect(inner.asked).toEqual(['a', 'b']);
    for (const store of [own, shared]) {
      for (const seed of ['a', 'b'])
        expect(await store.get(keyOf(request(seed)))).toMatchObject({ message: seed });
    }
  });
});
