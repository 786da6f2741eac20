import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crowdingDistances } from '../../src/search/crowding.ts';
import { nonDominatedSort } from '../../src/search/dominance.ts';

const INFINITE = Number.POSITIVE_INFINITY;

/** The first front of random vectors of small whole numbers: ties and repetitions are frequent. */
const fronts = fc.integer({ min: 1, max: 4 }).chain((dimensions) => {
  const vector = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: dimensions, maxLength: dimensions });
  return fc.array(vector, { minLength: 1, maxLength: 30 }).map((vectors) => {
    return nonDominatedSort(vectors).fronts[0].map((i) => vectors[i]);
  });
});

describe('crowdingDistances', () => {
  it('sums the normalised gaps between the neighbours', () => {
    const front = [
      [0, 10],
      [4, 2],
      [1, 6],
      [10, 0],
    ];
    expect(crowdingDistances(front)).toEqual([INFINITE, 9 / 10 + 6 / 10, 4 / 10 + 8 / 10, INFINITE]);
  });

  it('keeps ends of every objective', () => {
    const front = [
      [0, 5, 5],
      [5, 0, 5],
      [5, 5, 0],
      [3, 3, 3],
    ];
    const distances = crowdingDistances(front);
    expect(distances.slice(0, 3)).toEqual([INFINITE, INFINITE, INFINITE]);
    expect(distances[3]).toBeGreaterThan(0);
    expect(distances[3]).toBeLessThanOrEqual(6);
  });

  it('gives one of equal vectors the distance of the point and the others nothing', () => {
    const distances = crowdingDistances([
      [0, 2],
      [1, 1],
      [1, 1],
      [2, 0],
      [0, 2],
    ]);
    expect(distances).toEqual([INFINITE, 2, 0, INFINITE, 0]);
  });

  it('leaves an objective out that is the same for all', () => {
    const distances = crowdingDistances([
      [0, 7, 4],
      [1, 7, 3],
      [2, 7, 2],
      [4, 7, 0],
    ]);
    expect(distances).toEqual([INFINITE, 2 / 4 + 2 / 4, 3 / 4 + 3 / 4, INFINITE]);
  });

  it('makes one or two points infinitely lonely', () => {
    expect(crowdingDistances([])).toEqual([]);
    expect(crowdingDistances([[3, 3]])).toEqual([INFINITE]);
    expect(
      crowdingDistances([
        [3, 3],
        [1, 4],
        [3, 3],
      ]),
    ).toEqual([INFINITE, INFINITE, 0]);
  });

  it('measures several fronts at once as one after the other', () => {
    const several = fc.array(fronts, { minLength: 2, maxLength: 4 }).filter((lists) => {
      return new Set(lists.map(([vector]) => vector.length)).size === 1;
    });
    fc.assert(
      fc.property(several, (lists) => {
        // Each lies beyond the one before, as fronts do: no vector is in two of them.
        const apart = lists.map((front, rank) =>
          front.map((vector) => vector.map((value) => value + 7 * rank)),
        );
        const ranks = apart.flatMap((front, rank) => front.map(() => rank));
        expect(crowdingDistances(apart.flat(), ranks)).toEqual(
          apart.flatMap((front) => crowdingDistances(front)),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is the same multiset of (vector, distance) in any order', () => {
    const shuffled = fronts.chain((front) =>
      fc.shuffledSubarray(front, { minLength: front.length }).map((other) => ({ front, other })),
    );
    const pairs = (front: number[][]) => {
      const distances = crowdingDistances(front);
      return front.map((vector, i) => `${vector} ${distances[i]}`).sort();
    };
    fc.assert(
      fc.property(shuffled, ({ front, other }) => {
        expect(pairs(other)).toEqual(pairs(front));
      }),
      { numRuns: 500 },
    );
  });

  it('is never negative nor NaN, and infinite for the smallest value of each objective', () => {
    fc.assert(
      fc.property(fronts, (front) => {
        const distances = crowdingDistances(front);
        expect(distances.every((distance) => distance >= 0)).toBe(true);
        for (const m of front[0].keys()) {
          const smallest = Math.min(...front.map((vector) => vector[m]));
          const ends = front.flatMap((vector, i) => (vector[m] === smallest ? [distances[i]] : []));
          const same = front.every((vector) => vector[m] === smallest);
          if (!same) expect(Math.max(...ends)).toBe(INFINITE);
        }
      }),
    );
  });
});
