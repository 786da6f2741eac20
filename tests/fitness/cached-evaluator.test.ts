import { describe, expect, test } from 'vitest';
import { cachedEvaluator } from '../../src/fitness/cached-evaluator.ts';
import type { Evaluation, TrainingRequest } from '../../src/fitness/evaluation.ts';
import type { Evaluator } from '../../src/fitness/evaluator.ts';
import { dataset, evaluateAll, request } from './requests.ts';

/** Answers at once and writes down what it was asked. */
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

const diverged = ({ seed }: TrainingRequest): Evaluation => ({
  status: 'failed',
  reason: 'diverged',
  message: seed,
});

describe('cached evaluator', () => {
  test('evaluates equal requests once, within a list and from list to list', async () => {
    const inner = recording(diverged);
    const cached = cachedEvaluator(inner, dataset.hash, 'fused');
    const messages = (evaluations: Evaluation[]) => evaluations.map((one) => 'message' in one && one.message);
    const first = await evaluateAll(cached, [request('a'), request('b'), request('a')]);
    expect(messages(first)).toEqual(['a', 'b', 'a']);
    const second = await evaluateAll(cached, [request('c'), request('b'), request('a')]);
    expect(messages(second)).toEqual(['c', 'b', 'a']);
    expect(inner.asked).toEqual(['a', 'b', 'c']);
    await cached.close();
    expect(inner.asked.at(-1)).toBe('closed');
  });

  test('takes no time for what it knows', async () => {
    const cached = cachedEvaluator(recording(diverged), dataset.hash, 'fused');
    const seconds: number[] = [];
    for await (const report of cached.evaluate([request('a'), request('a')])) seconds.push(report.seconds);
    for await (const report of cached.evaluate([request('a')])) seconds.push(report.seconds);
    expect(seconds).toEqual([1, 0, 0]);
  });

  test('does not remember what may not happen again', async () => {
    const inner = recording(({ seed }) => ({ status: 'failed', reason: 'crash', message: seed }));
    const cached = cachedEvaluator(inner, dataset.hash, 'fused');
    await evaluateAll(cached, [request('a')]);
    await evaluateAll(cached, [request('a')]);
    expect(inner.asked).toEqual(['a', 'a']);
  });
});
