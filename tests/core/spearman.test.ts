import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ranksOf, spearman } from '../../src/core/spearman.ts';

describe('published values', () => {
  test('lightness and liking of tuna (Hollander & Wolfe 1973, p. 187): 0.6', () => {
    const lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
    const liking = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];
    expect(spearman(lightness, liking)).toBeCloseTo(0.6, 12);
  });

  test('with a tie, as in the documentation of scipy.stats.spearmanr', () => {
    expect(spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826816681233, 14);
  });

  test('without ties the formula of Spearman (1904): 1 − 6 Σd² / (n³ − n)', () => {
    // IQ and hours of television of ten people: Σd² = 194.
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman(iq, hours)).toBeCloseTo(1 - (6 * 194) / 990, 14);
  });
});

test.each([
  [[], []],
  [[1], [2]],
  [
    [1, 1, 1],
    [1, 2, 3],
  ],
])('of %j and %j it says nothing', (first, second) => {
  expect(spearman(first, second)).toBeNull();
});

test('equal values share the mean of their ranks', () => {
  expect(ranksOf([10, 20, 10, 30, 20, 20])).toEqual([1.5, 4, 1.5, 6, 4, 4]);
});

test('it depends on the order alone, and turns its sign with one of the two', () => {
  const values = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
    minLength: 2,
    maxLength: 30,
  });
  fc.assert(
    fc.property(values, (pairs) => {
      const [a, b] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
      const rho = spearman(a, b);
      expect(spearman(b, a)).toEqual(rho);
      if (rho === null) return;
      expect(Math.abs(rho)).toBeLessThanOrEqual(1 + 1e-12);
      expect(
        spearman(
          a,
          b.map((value) => value ** 3 + value),
        ),
      ).toBeCloseTo(rho, 12);
      expect(
        spearman(
          a,
          b.map((value) => -value),
        ),
      ).toBeCloseTo(-rho, 12);
      expect(spearman(a, a)).toBeCloseTo(1, 12);
    }),
  );
});
