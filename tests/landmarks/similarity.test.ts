import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { FIRST_INNER_POINT, meanShapeIn, NOSE_TIP, POINT_COUNT } from '../../src/landmarks/mean-shape.ts';
import {
  applySimilarity,
  cropAsIs,
  fitSimilarity,
  inverse,
  type Similarity,
} from '../../src/landmarks/similarity.ts';

const CROP = { x: 0, y: 0, width: 48, height: 48 };
const target = meanShapeIn(FACE_FRAME);

/** The mean face as a camera would see it through the inverse of a similarity. */
function faceSeenThrough(similarity: Similarity): Float64Array {
  const back = inverse(similarity);
  const points = new Float64Array(2 * POINT_COUNT);
  for (let i = 0; i < POINT_COUNT; i++) {
    points.set(applySimilarity(back, target[2 * i], target[2 * i + 1]), 2 * i);
  }
  return points;
}

function turned(degrees: number, scale: number, tx: number, ty: number): Similarity {
  const angle = (degrees * Math.PI) / 180;
  return { a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx, ty };
}

function rollOf({ a, b }: Similarity): number {
  return (Math.atan2(b, a) * 180) / Math.PI;
}

describe('the mean shape', () => {
  it('has the tip of the nose at the origin of the frame', () => {
    expect(target[2 * NOSE_TIP]).toBeCloseTo(FACE_FRAME.noseX, 2);
    expect(target[2 * NOSE_TIP + 1]).toBeCloseTo(FACE_FRAME.noseY, 2);
  });

  it('is symmetric about the middle of the frame', () => {
    const mirrored = new Set<string>();
    const found = new Set<string>();
    for (let i = 0; i < POINT_COUNT; i++) {
      found.add(`${target[2 * i].toFixed(2)} ${target[2 * i + 1].toFixed(2)}`);
      mirrored.add(`${(FACE_FRAME.size - target[2 * i]).toFixed(2)} ${target[2 * i + 1].toFixed(2)}`);
    }
    expect([...found].sort()).toEqual([...mirrored].sort());
  });
});

describe('fitSimilarity', () => {
  it('finds any similarity within its bounds exactly', () => {
    const anyFace = fc.record({
      roll: fc.double({ min: -39.9, max: 39.9, noNaN: true }),
      scale: fc.double({ min: 0.61, max: 1.59, noNaN: true }),
      tx: fc.double({ min: -40, max: 40, noNaN: true }),
      ty: fc.double({ min: -40, max: 40, noNaN: true }),
    });
    fc.assert(
      fc.property(anyFace, ({ roll, scale, tx, ty }) => {
        const wanted = turned(roll, scale, tx, ty);
        const { similarity, residual, fallback } = fitSimilarity(faceSeenThrough(wanted));
        expect(fallback).toBe(false);
        expect(residual).toBeLessThan(1e-9);
        for (const part of ['a', 'b', 'tx', 'ty'] as const) {
          expect(similarity[part]).toBeCloseTo(wanted[part], 9);
        }
      }),
    );
  });

  it('leaves a smaller residual than any similarity near it', () => {
    const points = faceSeenThrough(turned(10, 1.2, 3, -2)).map(
      (value, i) => value + ((i * 7919) % 13) / 6 - 1,
    );
    const { similarity } = fitSimilarity(points);
    const sumOfSquares = (candidate: Similarity) => {
      let sum = 0;
      for (let i = FIRST_INNER_POINT; i < POINT_COUNT; i++) {
        const [x, y] = applySimilarity(candidate, points[2 * i], points[2 * i + 1]);
        sum += (x - target[2 * i]) ** 2 + (y - target[2 * i + 1]) ** 2;
      }
      return sum;
    };
    const least = sumOfSquares(similarity);
    for (const part of ['a', 'b', 'tx', 'ty'] as const) {
      for (const step of [-1e-3, 1e-3]) {
        expect(sumOfSquares({ ...similarity, [part]: similarity[part] + step })).toBeGreaterThan(least);
      }
    }
  });

  it('does not look at the jaw', () => {
    const points = faceSeenThrough(turned(5, 1, 8, 8));
    const expected = fitSimilarity(points);
    points.fill(Number.NaN, 0, 2 * FIRST_INNER_POINT);
    expect(fitSimilarity(points)).toEqual(expected);
  });

  it.each([
    [41, 40],
    [43, 40],
    [-42, -40],
    [-40, -40],
    [39, 39],
  ])('brings a roll of %d degrees to %d', (given, kept) => {
    const { similarity, fallback } = fitSimilarity(faceSeenThrough(turned(given, 1, 0, 0)));
    expect(fallback).toBe(false);
    expect(rollOf(similarity)).toBeCloseTo(kept, 9);
    expect(Math.hypot(similarity.a, similarity.b)).toBeCloseTo(1, 9);
  });

  it.each([
    [1.7, 1.6],
    [0.55, 0.6],
  ])('brings a scale of %d to %d and still has the centroids meet', (given, kept) => {
    const points = faceSeenThrough(turned(20, given, 5, 9));
    const { similarity, fallback } = fitSimilarity(points);
    expect(fallback).toBe(false);
    expect(Math.hypot(similarity.a, similarity.b)).toBeCloseTo(kept, 9);
    expect(rollOf(similarity)).toBeCloseTo(20, 9);
    const middle = (values: ArrayLike<number>, axis: number) => {
      const inner = Array.from(values).filter((_, i) => i >= 2 * FIRST_INNER_POINT && i % 2 === axis);
      return inner.reduce((sum, value) => sum + value, 0) / inner.length;
    };
    const [x, y] = applySimilarity(similarity, middle(points, 0), middle(points, 1));
    expect([x, y]).toEqual([expect.closeTo(middle(target, 0), 9), expect.closeTo(middle(target, 1), 9)]);
  });

  it('judges the scale by the size of the image', () => {
    const points = faceSeenThrough(turned(0, 0.1, 0, 0));
    expect(fitSimilarity(points, { ...CROP, width: 480, height: 480 }).similarity.a).toBeCloseTo(0.1, 9);
    expect(fitSimilarity(points, CROP).fallback).toBe(true);
  });

  it.each([
    ['upside down', faceSeenThrough(turned(180, 1, 60, 60))],
    ['mirrored', faceSeenThrough(turned(0, 1, 8, 8)).map((value, i) => (i % 2 === 0 ? 48 - value : value))],
    ['that coincide', new Float64Array(2 * POINT_COUNT).fill(20)],
    ['unknown', new Float64Array(2 * POINT_COUNT).fill(Number.NaN)],
    ['infinite', new Float64Array(2 * POINT_COUNT).fill(Number.POSITIVE_INFINITY)],
    ['scattered', Float64Array.from({ length: 2 * POINT_COUNT }, (_, i) => (i * 7919) % 48)],
  ])('takes the crop as it is for points that are %s', (_, points) => {
    const { similarity, fallback } = fitSimilarity(points);
    expect(fallback).toBe(true);
    expect(similarity).toEqual({ a: 1, b: 0, tx: 8, ty: 8 });
  });
});

describe('cropAsIs', () => {
  it('is a shift by the border for a crop of the own size', () => {
    expect(cropAsIs(CROP)).toEqual({ a: 1, b: 0, tx: 8, ty: 8 });
  });

  it('fits the longer side of an image into the square and centres the shorter', () => {
    const similarity = cropAsIs({ ...CROP, width: 96, height: 192 });
    expect(applySimilarity(similarity, 48, 0)).toEqual([32, 8]);
    expect(applySimilarity(similarity, 0, 192)).toEqual([20, 56]);
  });
});

describe('inverse', () => {
  it('undoes a similarity', () => {
    const similarity = turned(33, 0.7, 5, -3);
    const [x, y] = applySimilarity(inverse(similarity), ...applySimilarity(similarity, 12, 34));
    expect([x, y]).toEqual([expect.closeTo(12, 9), expect.closeTo(34, 9)]);
  });
});
