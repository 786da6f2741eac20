import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FaceGrid } from '../../src/landmarks/frame-geometry.ts';
import { scoreAgainstTruth, truePixels } from '../../src/saliency/truth.ts';

const grid = (...values: number[]): FaceGrid => ({
  size: Math.sqrt(values.length),
  values: Float64Array.from(values),
});
const truth = grid(4, 3, 1, 1, 1, 0, 0, 0, 0); // half of 10 is held by the first two

describe('truePixels', () => {
  test('are the smallest set that holds half of the mass', () => {
    expect([...truePixels(truth)]).toEqual([0, 1]);
    expect([...truePixels(truth, [2, 3, 4, 8])]).toEqual([2, 3, 4]); // equal to the last one
    expect(() => truePixels(truth, [7, 8])).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('scoreAgainstTruth', () => {
  test('is 1 for the truth itself', () => {
    expect(scoreAgainstTruth(truth, truth)).toEqual({ pointing: 1, averagePrecision: 1, chance: 2 / 9 });
  });

  test('agrees with a calculation by hand', () => {
    // Order 8, 0, 7, 1: precision at the two true ones 1/2 and 2/4.
    const map = grid(8, 6, 1, 1, 1, 1, 1, 7, 9);
    expect(scoreAgainstTruth(map, truth)).toEqual({ pointing: 0, averagePrecision: 0.5, chance: 2 / 9 });
    // Of these four pixels the first alone holds half of the truth, and one comes before it.
    expect(scoreAgainstTruth(map, truth, [0, 1, 2, 8])).toEqual({
      pointing: 0,
      averagePrecision: 0.5,
      chance: 0.25,
    });
  });

  test('equals chance for a constant map', () => {
    const { pointing, averagePrecision, chance } = scoreAgainstTruth(grid(...Array(9).fill(3)), truth);
    expect([pointing, averagePrecision]).toEqual([chance, chance]);
  });

  test('shares the point among equal highest pixels', () => {
    expect(scoreAgainstTruth(grid(1, 0, 1, 1, 0, 0, 0, 0, 1), truth).pointing).toBe(1 / 4);
  });

  test('depends only on the order of the values', () => {
    const values = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(values, (list) => {
        const once = scoreAgainstTruth(grid(...list), truth);
        expect(scoreAgainstTruth(grid(...list.map((value) => 5 * value + 2)), truth)).toEqual(once);
        expect(once.averagePrecision).toBeGreaterThan(0);
        expect(once.averagePrecision).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('averages to about chance over random maps', () => {
    // Average precision by chance is a little above the share of true pixels, the more so the fewer pixels there are.
    const wide = grid(...Array.from({ length: 1600 }, (_, i) => (i % 5 === 0 ? 1 : 0.01)));
    const scores = Array.from({ length: 50 }, (_, seed) => {
      const random = grid(
        ...Array.from({ length: 1600 }, (__, i) => ((i + 1) * (7919 + 104_729 * seed)) % 1601),
      );
      return scoreAgainstTruth(random, wide).averagePrecision;
    });
    const { chance } = scoreAgainstTruth(wide, wide);
    const mean = scores.reduce((sum, score) => sum + score / 50, 0);
    expect(Math.abs(mean - chance)).toBeLessThan(0.05);
  });

  test('refuses a map of another size', () => {
    expect(() => scoreAgainstTruth(grid(1, 2, 3, 4), truth)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
