import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypervolume } from '../../src/search/hypervolume.ts';

const SIDE = 6;
const pointsOf = (dimensions: number, maxLength = 8) =>
  fc.array(
    fc.array(fc.integer({ min: 0, max: SIDE + 1 }), { minLength: dimensions, maxLength: dimensions }),
    {
      maxLength,
    },
  );
const anyPoints = fc
  .integer({ min: 1, max: 4 })
  .chain((dimensions) =>
    pointsOf(dimensions).map((points) => ({ points, reference: Array(dimensions).fill(SIDE) })),
  );

/** Unit cells below the reference that some point dominates. */
function countedCells(points: readonly number[][], dimensions: number): number {
  let count = 0;
  for (let cell = 0; cell < SIDE ** dimensions; cell++) {
    const corner = Array.from({ length: dimensions }, (_, m) => Math.floor(cell / SIDE ** m) % SIDE);
    if (points.some((point) => point.every((value, m) => value <= corner[m]))) count++;
  }
  return count;
}

/** Volume of a union of boxes by inclusion and exclusion over all subsets. */
function inclusionExclusion(points: readonly number[][], reference: readonly number[]): number {
  let sum = 0;
  for (let subset = 1; subset < 2 ** points.length; subset++) {
    const chosen = points.filter((_, i) => Math.floor(subset / 2 ** i) % 2 === 1);
    const box = reference.reduce(
      (product, r, m) => product * Math.max(0, r - Math.max(...chosen.map((point) => point[m]))),
      1,
    );
    sum += chosen.length % 2 === 1 ? box : -box;
  }
  return sum;
}

describe('hypervolume', () => {
  it('measures worked examples', () => {
    expect(hypervolume([], [1, 1])).toBe(0);
    expect(hypervolume([[2]], [5])).toBe(3);
    expect(
      hypervolume(
        [
          [1, 3],
          [2, 2],
          [3, 1],
        ],
        [4, 4],
      ),
    ).toBe(6);
    expect(
      hypervolume(
        [
          [0, 0, 1],
          [0, 1, 0],
          [1, 0, 0],
        ],
        [2, 2, 2],
      ),
    ).toBe(7);
  });

  it('counts the cells of a grid, in one to four dimensions', () => {
    fc.assert(
      fc.property(anyPoints, ({ points, reference }) => {
        expect(hypervolume(points, reference)).toBe(countedCells(points, reference.length));
      }),
      { numRuns: 500 },
    );
  });

  it('equals inclusion and exclusion on real numbers', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    const points = fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { maxLength: 6 });
    fc.assert(
      fc.property(points, (front) => {
        expect(hypervolume(front, [0.9, 0.8, 1])).toBeCloseTo(inclusionExclusion(front, [0.9, 0.8, 1]), 10);
      }),
      { numRuns: 300 },
    );
  });

  it('never shrinks when a point is added, and grows by a point that nothing dominates', () => {
    fc.assert(
      fc.property(pointsOf(3), pointsOf(3, 1), (points, added) => {
        const reference = [SIDE, SIDE, SIDE];
        const before = hypervolume(points, reference);
        const after = hypervolume([...points, ...added], reference);
        expect(after).toBeGreaterThanOrEqual(before);
        const [point] = added;
        if (point?.every((value) => value < SIDE)) {
          const covered = points.some((other) => other.every((value, m) => value <= point[m]));
          expect(after > before).toBe(!covered);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the same to the last bit in any order, with repetitions', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    const points = fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 10 });
    const shuffled = points.chain((front) =>
      fc.shuffledSubarray(front, { minLength: front.length }).map((other) => ({ front, other })),
    );
    fc.assert(
      fc.property(shuffled, ({ front, other }) => {
        expect(hypervolume([...other, other[0]], [1, 1, 1])).toBe(hypervolume(front, [1, 1, 1]));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out points that are not below the reference', () => {
    expect(
      hypervolume(
        [
          [0, 4],
          [4, 0],
          [9, -9],
        ],
        [4, 4],
      ),
    ).toBe(0);
    expect(
      hypervolume(
        [
          [1, 1],
          [0, 9],
        ],
        [4, 4],
      ),
    ).toBe(9);
  });
});
