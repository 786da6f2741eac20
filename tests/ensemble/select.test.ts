import { expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { fitEnsemble } from '../../src/ensemble/fit-ensemble.ts';
import { selectForward } from '../../src/ensemble/select.ts';
import type { Answers } from '../../src/ensemble/weigh.ts';

const limits = { maximumMembers: 20, maximumParameters: Number.POSITIVE_INFINITY };

/** Two classes, by each model's probability of the true one. */
function answers(...models: number[][]): Answers {
  const labels = Uint8Array.from(models[0], (_, i) => i % 2);
  const probabilities = models.map((values) =>
    Float32Array.from(values.flatMap((p, i) => (i % 2 === 0 ? [p, 1 - p] : [1 - p, p]))),
  );
  return { probabilities, labels, classes: 2 };
}

test('models that make up for each other are chosen, and one that is never right is not', () => {
  const given = answers([0.9, 0.9, 0.3, 0.9], [0.3, 0.9, 0.9, 0.9], [0.1, 0.1, 0.1, 0.1]);
  for (const goal of ['loss', 'accuracy'] as const) {
    const [first, second, third] = selectForward(given, [1, 1, 1], { ...limits, goal });
    expect([first > 0, second > 0, third]).toEqual([true, true, 0]);
  }
});

test('a good model may be selected more often than a worse one that helps', () => {
  const given = answers([0.9, 0.9, 0.9, 0.9, 0.05], [0.2, 0.2, 0.2, 0.2, 0.99]);
  const counts = selectForward(given, [1, 1], { ...limits, goal: 'loss' });
  expect(counts[0]).toBeGreaterThan(counts[1]);
  expect(counts[1]).toBeGreaterThan(0);
  const recipe = { method: 'averaging', reliability: 'recall', smoothing: 1, sharpness: 1 } as const;
  const { weights } = fitEnsemble(given, [1, 1], { ...recipe, selection: { ...limits, goal: 'loss' } });
  expect(weights[0][0] / weights[1][0]).toBeCloseTo(counts[0] / counts[1], 10);
});

test('the loss of the selection is the lowest of all ensembles on the way, and never above the best model', () => {
  const random = randomStream('select');
  const given = answers(
    ...Array.from({ length: 6 }, () => Array.from({ length: 40 }, () => 0.05 + 0.9 * random.uniform())),
  );
  const lossOf = (counts: readonly number[]) => {
    const total = counts.reduce((a, b) => a + b, 0);
    let loss = 0;
    for (const [i, label] of given.labels.entries()) {
      const p = counts.reduce((sum, n, m) => sum + n * given.probabilities[m][2 * i + label], 0);
      loss -= Math.log(p / total);
    }
    return loss;
  };
  const counts = selectForward(given, [1, 1, 1, 1, 1, 1], { ...limits, goal: 'loss' });
  for (let m = 0; m < 6; m++) {
    expect(lossOf(counts)).toBeLessThanOrEqual(lossOf(counts.map((_, k) => Number(k === m))));
  }
  const prefix = selectForward(given, [1, 1, 1, 1, 1, 1], { ...limits, maximumMembers: 2, goal: 'loss' });
  expect(lossOf(counts)).toBeLessThanOrEqual(lossOf(prefix));
  expect(prefix.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(2);
});

test('the parameters of distinct members stay within the limit', () => {
  const given = answers([0.9, 0.9, 0.3, 0.9], [0.3, 0.9, 0.9, 0.9], [0.6, 0.6, 0.6, 0.6]);
  const selectWithin = (maximumParameters: number) =>
    selectForward(given, [60, 50, 10], { ...limits, maximumParameters, goal: 'loss' });
  expect(
    selectWithin(110)
      .slice(0, 2)
      .every((count) => count > 0),
  ).toBe(true);
  const [first, second] = selectWithin(100);
  expect(first === 0 || second === 0).toBe(true);
  expect(selectWithin(5)).toEqual([0, 0, 0]);
});
