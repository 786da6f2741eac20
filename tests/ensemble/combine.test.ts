import { describe, expect, test } from 'vitest';
import { combine } from '../../src/ensemble/combine.ts';

const rows = (values: Float32Array, classes: number) =>
  Array.from({ length: values.length / classes }, (_, i) => [
    ...values.slice(i * classes, (i + 1) * classes),
  ]);
const close = (given: number[][], wanted: number[][]) => {
  expect(given).toHaveLength(wanted.length);
  for (const [i, row] of wanted.entries())
    for (const [k, value] of row.entries()) expect(given[i][k]).toBeCloseTo(value, 6);
};

const a = Float32Array.of(0.6, 0.3, 0.1, 0.2, 0.2, 0.6);
const b = Float32Array.of(0.1, 0.8, 0.1, 0.4, 0.4, 0.2);
const equal = [
  [0.5, 0.5, 0.5],
  [0.5, 0.5, 0.5],
];

describe('the mean', () => {
  test('of equal weights', () => {
    close(rows(combine([a, b], 3, 'mean', equal), 3), [
      [0.35, 0.55, 0.1],
      [0.3, 0.3, 0.4],
    ]);
  });

  test('of weights for each class is renormalised', () => {
    const weights = [
      [1, 0.5, 0],
      [0, 0.5, 1],
    ];
    close(rows(combine([a, b], 3, 'mean', weights), 3), [
      [0.6 / 1.25, 0.55 / 1.25, 0.1 / 1.25],
      [0.2 / 0.7, 0.3 / 0.7, 0.2 / 0.7],
    ]);
  });
});

describe('votes', () => {
  test('count equally, however confident the members are', () => {
    const sure = Float32Array.of(1, 0);
    const hesitant = Float32Array.of(0.49, 0.51);
    const [row] = rows(combine([sure, hesitant, hesitant], 2, 'votes', []), 2);
    expect(row[1]).toBeGreaterThan(row[0]);
    expect(row[0] + row[1]).toBeCloseTo(1, 6);
  });

  test('of equal number are decided by the probabilities', () => {
    const one = Float32Array.of(0.1, 0.5, 0.4);
    const other = Float32Array.of(0.1, 0, 0.9);
    const [row] = rows(combine([one, other], 3, 'votes', []), 3);
    expect(row.indexOf(Math.max(...row))).toBe(2);
    expect(row[0]).toBeLessThan(row[1]);
  });
});
