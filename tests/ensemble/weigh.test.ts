import { describe, expect, test } from 'vitest';
import { type Answers, accuracyWeights, confidenceWeights, equalWeights } from '../../src/ensemble/weigh.ts';

/** Answers that give each sample's predicted class 0.8 and share the rest. */
function answers(labels: number[], ...predictions: number[][]): Answers {
  const classes = 3;
  const probabilities = predictions.map((given) =>
    Float32Array.from(given.flatMap((k) => [0, 1, 2].map((c) => (c === k ? 0.8 : 0.1)))),
  );
  return { probabilities, labels: Uint8Array.from(labels), classes };
}

const given = answers([0, 0, 0, 1], [0, 0, 1, 1], [0, 1, 1, 0], [2, 2, 2, 2]);
const close = (found: readonly number[], wanted: readonly number[]) => {
  expect(found).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 6);
};

describe('by accuracy', () => {
  test('members weigh as their shares of right answers', () => {
    const weights = accuracyWeights(given); // 3/4, 1/4, 0
    for (const k of [0, 1, 2])
      close(
        weights.map((row) => row[k]),
        [0.75, 0.25, 0],
      );
  });

  test('sharper', () => {
    close(
      accuracyWeights(given, 2).map(([first]) => first),
      [0.9, 0.1, 0],
    );
  });

  test('members that are never right weigh the same', () => {
    expect(accuracyWeights(answers([0], [1], [2]))).toEqual(equalWeights(2, 3));
  });
});

describe('by confidence', () => {
  const columns = (weights: readonly (readonly number[])[]) =>
    [0, 1, 2].map((k) => weights.map((row) => row[k]));
  /** Shares of smoothed reliabilities. */
  const shares = (...values: number[]) => values.map((value) => value / values.reduce((a, b) => a + b, 0));

  test('recall', () => {
    const [first, second, third] = columns(confidenceWeights(given, 'recall'));
    close(first, shares(3 / 5, 2 / 5, 1 / 5));
    close(second, shares(2 / 3, 1 / 3, 1 / 3));
    close(third, shares(0.5, 0.5, 0.5)); // a class without samples
  });

  test('precision', () => {
    const [first, second, third] = columns(confidenceWeights(given, 'precision'));
    close(first, shares(3 / 4, 2 / 4, 1 / 2));
    close(second, shares(2 / 4, 1 / 4, 1 / 2));
    close(third, shares(1 / 2, 1 / 2, 1 / 6));
  });

  test('probability, with less smoothing', () => {
    const [first] = columns(confidenceWeights(given, 'probability', 0.5));
    close(first, shares((1.7 + 0.5) / 4, (1 + 0.5) / 4, (0.3 + 0.5) / 4));
  });
});
