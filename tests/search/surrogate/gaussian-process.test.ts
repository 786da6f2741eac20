import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/core/random.ts';
import { fitGaussianProcess } from '../../../src/search/surrogate/gaussian-process.ts';

const random = randomStream('gaussian process');
const points = Array.from({ length: 40 }, () => [random.uniform(), random.uniform(), random.uniform()]);
const smooth = ([x, y]: readonly number[]) => 3 + Math.sin(3 * x) + y * y;
const values = points.map(smooth);

describe('fitGaussianProcess', () => {
  test('foretells a smooth function at places that it has not seen', () => {
    const model = fitGaussianProcess(points, values);
    for (let place = 0; place < 50; place++) {
      const point = [random.uniform(), random.uniform(), random.uniform()];
      expect(Math.abs(model(point) - smooth(point))).toBeLessThan(0.2);
    }
  });

  test('gives the posterior of a plain matrix inversion, for one of its hyperparameters', () => {
    const few = points.slice(0, 12);
    const model = fitGaussianProcess(few, values.slice(0, 12));
    const place = [0.3, 0.6, 0.1];
    const candidates = [0.75, 1.5, 3].flatMap((length) =>
      [0.01, 0.03, 0.1].map((noise) => naivePosterior(few, values.slice(0, 12), place, length, noise)),
    );
    const best = candidates.reduce((a, b) => (b.evidence > a.evidence ? b : a));
    expect(model(place)).toBeCloseTo(best.mean, 9);
  });

  test('of equal values expects that value', () => {
    const model = fitGaussianProcess(
      points,
      points.map(() => 2),
    );
    expect(model([0.5, 0.5, 0.5])).toBe(2);
  });

  test('takes the same point twice with different values', () => {
    const model = fitGaussianProcess([[0], [0], [1]], [1, 3, 5]);
    expect(model([0])).toBeGreaterThan(1.5);
    expect(model([0])).toBeLessThan(2.5);
  });
});

function naivePosterior(
  known: readonly (readonly number[])[],
  outcomes: readonly number[],
  place: readonly number[],
  length: number,
  noise: number,
) {
  const kernel = (a: readonly number[], b: readonly number[]) => {
    const square = a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
    return (
      Math.exp(-square / (2 * length * length)) + 0.03 * a.reduce((sum, value, i) => sum + value * b[i], 0)
    );
  };
  const mean = outcomes.reduce((sum, value) => sum + value, 0) / outcomes.length;
  const spread = Math.sqrt(outcomes.reduce((sum, v) => sum + (v - mean) ** 2, 0) / outcomes.length);
  const targets = outcomes.map((value) => (value - mean) / spread);
  const matrix = known.map((a, i) => known.map((b, j) => kernel(a, b) + (i === j ? noise : 0)));
  const { inverse, determinant } = invert(matrix);
  const shared = known.map((point) => kernel(place, point));
  const times = (vector: readonly number[]) =>
    inverse.map((row) => row.reduce((sum, value, j) => sum + value * vector[j], 0));
  const inner = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  return {
    evidence: -0.5 * inner(targets, times(targets)) - 0.5 * Math.log(determinant),
    mean: mean + spread * inner(shared, times(targets)),
  };
}

/** Gauss-Jordan elimination. */
function invert(matrix: readonly (readonly number[])[]): { inverse: number[][]; determinant: number } {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => Number(i === j))]);
  let determinant = 1;
  for (let column = 0; column < size; column++) {
    const pivot = rows[column][column];
    determinant *= pivot;
    rows[column] = rows[column].map((value) => value / pivot);
    for (let other = 0; other < size; other++) {
      if (other === column) continue;
      const factor = rows[other][column];
      rows[other] = rows[other].map((value, k) => value - factor * rows[column][k]);
    }
  }
  return { inverse: rows.map((row) => row.slice(size)), determinant };
}
