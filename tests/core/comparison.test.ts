import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  independentDifference,
  isNotWorse,
  pairedDifference,
  proportionInterval,
} from '../../src/core/comparison.ts';

/** Predictions of two classifiers on samples of class 1: both right, only the first, only the second, neither. */
function predictions(both: number, first: number, second: number, neither: number) {
  const cells = [
    ...Array(both).fill([1, 1]),
    ...Array(first).fill([1, 0]),
    ...Array(second).fill([0, 1]),
    ...Array(neither).fill([0, 0]),
  ];
  return {
    candidate: Uint8Array.from(cells, ([a]) => a),
    reference: Uint8Array.from(cells, ([, b]) => b),
    labels: new Uint8Array(cells.length).fill(1),
  };
}

const difference = (...cells: [number, number, number, number]) => {
  const { candidate, reference, labels } = predictions(...cells);
  return pairedDifference(candidate, reference, labels);
};

describe('proportionInterval', () => {
  test('is the Wilson interval', () => {
    // Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    const [low, high] = proportionInterval(81 / 263, 263);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
    expect(proportionInterval(0, 20)[0]).toBe(0);
    expect(proportionInterval(0, 20)[1]).toBeCloseTo(0.1611, 4);
    expect(proportionInterval(1, 20)[1]).toBe(1);
  });
});

describe('independentDifference', () => {
  test('is the hybrid score interval', () => {
    // Newcombe (1998), "Interval estimation for the difference between independent proportions", table II, method 10.
    const rows = [
      [56, 70, 48, 80, 0.0524, 0.3339],
      [9, 10, 3, 10, 0.1705, 0.809],
      [10, 10, 0, 10, 0.6075, 1],
    ];
    for (const [a, m, b, n, low, high] of rows) {
      const [lower, upper] = independentDifference(a / m, m, b / n, n);
      expect(lower).toBeCloseTo(low, 4);
      expect(upper).toBeCloseTo(high, 4);
    }
  });
});

describe('pairedDifference', () => {
  test('is the adjusted interval of matched proportions', () => {
    // By hand: d = (150 − 86) / 1602, d ± 1.96 √((150 + 86 + 1) / 1602 − d²) / √1602.
    const { estimate, interval95 } = difference(794, 150, 86, 570);
    expect(estimate).toBe(0.04);
    expect(interval95[0]).toBeCloseTo(0.0212, 4);
    expect(interval95[1]).toBeCloseTo(0.0587, 4);
  });

  test('comes with the exact test of McNemar', () => {
    // Fagerland, Lydersen & Laake (2013), "The McNemar test for binary matched-pairs data", table 2: 1 and 7 discordant pairs.
    expect(difference(1, 1, 7, 12)).toMatchObject({ gained: 1, lost: 7 });
    expect(difference(1, 1, 7, 12).pValue).toBeCloseTo(18 / 256, 12); // 2 (1 + 8) / 2⁸
    expect(difference(5, 0, 0, 5).pValue).toBe(1);
    expect(difference(0, 600, 600, 0).pValue).toBe(1);
    expect(difference(0, 1500, 0, 0).pValue).toBe(0); // 2⁻¹⁴⁹⁹
  });

  test('changes sign when the classifiers are swapped, and contains 0 if they agree', () => {
    const cell = fc.integer({ min: 0, max: 60 });
    const cells = fc.tuple(cell, cell, cell, cell).filter((all) => all.some((count) => count > 0));
    fc.assert(
      fc.property(cells, ([both, first, second, neither]) => {
        const one = difference(both, first, second, neither);
        const other = difference(both, second, first, neither);
        expect(one.estimate).toBeCloseTo(-other.estimate, 12);
        expect(one.pValue).toBe(other.pValue);
        expect(one.interval95[0]).toBeCloseTo(-other.interval95[1], 12);
        expect(one.interval95[0]).toBeLessThan(one.interval95[1]);
        if (first === second) expect(one.interval95[0]).toBeLessThan(0);
      }),
    );
  });

  test('narrows with more samples of the same kind', () => {
    const width = (scale: number) => {
      const [low, high] = difference(6 * scale, 2 * scale, scale, scale).interval95;
      return high - low;
    };
    expect(width(400)).toBeLessThan(width(100) * 0.51);
  });
});

describe('isNotWorse', () => {
  test('requires evidence: the lower end must reach −margin', () => {
    const equal = difference(700, 50, 50, 200); // ± 2 points
    expect(equal.interval95[0]).toBeCloseTo(-0.0197, 4);
    expect(isNotWorse(equal, 0.02)).toBe(true);
    expect(isNotWorse(equal, 0.019)).toBe(false);
    expect(isNotWorse(difference(7, 1, 1, 2), 0.02)).toBe(false); // as accurate, but few samples
    expect(isNotWorse(difference(600, 150, 50, 200), 0)).toBe(true);
    expect(isNotWorse(difference(600, 50, 150, 200), 0.02)).toBe(false);
  });
});
