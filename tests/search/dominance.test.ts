import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dominates, nonDominatedSort, type Objectives } from '../../src/search/dominance.ts';

/** Vectors of small whole numbers, so that ties and repetitions are frequent; some failed. */
const populations = fc.integer({ min: 1, max: 4 }).chain((dimensions) => {
  const vector = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: dimensions, maxLength: dimensions });
  return fc.array(fc.option(vector, { freq: 8 }), { maxLength: 40 });
});

/** Peels one front after another off, straight from the definition. */
function naiveRanks(objectives: readonly Objectives[]): number[] {
  const ranks = objectives.map(() => -1);
  let rank = 0;
  for (let left = objectives.flatMap((o, i) => (o ? [i] : [])); left.length > 0; rank++) {
    const front = left.filter((i) => !left.some((j) => dominates(objectives[j]!, objectives[i]!)));
    for (const i of front) ranks[i] = rank;
    left = left.filter((i) => !front.includes(i));
  }
  return ranks.map((r) => (r < 0 ? rank : r));
}

describe('dominates', () => {
  it('needs no larger and one smaller objective', () => {
    expect(dominates([1, 2], [1, 3])).toBe(true);
    expect(dominates([1, 2], [1, 2])).toBe(false);
    expect(dominates([1, 3], [2, 2])).toBe(false);
    expect(dominates([1], [2])).toBe(true);
  });

  it('is asymmetric and transitive', () => {
    const vector = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(vector, vector, vector, (a, b, c) => {
        if (dominates(a, b)) expect(dominates(b, a)).toBe(false);
        if (dominates(a, b) && dominates(b, c)) expect(dominates(a, c)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('nonDominatedSort', () => {
  it('sorts a worked example', () => {
    const sorted = nonDominatedSort([[1, 4], [3, 3], null, [2, 2], [4, 1], [4, 4], [2, 2]]);
    expect(sorted.fronts).toEqual([[0, 3, 4, 6], [1], [5]]);
    expect(sorted.ranks).toEqual([0, 1, 3, 0, 0, 2, 0]);
  });

  it('equals peeling fronts off by the definition', () => {
    fc.assert(
      fc.property(populations, (objectives) => {
        expect(nonDominatedSort(objectives).ranks).toEqual(naiveRanks(objectives));
      }),
      { numRuns: 1000 },
    );
  });

  it('puts every success into one front, ascending, and no failure', () => {
    fc.assert(
      fc.property(populations, (objectives) => {
        const { fronts, ranks } = nonDominatedSort(objectives);
        expect(fronts.flat().sort((a, b) => a - b)).toEqual(objectives.flatMap((o, i) => (o ? [i] : [])));
        for (const [rank, front] of fronts.entries()) {
          expect(front).toEqual(front.toSorted((a, b) => a - b));
          expect(front.every((i) => ranks[i] === rank)).toBe(true);
        }
        for (const [i, o] of objectives.entries()) if (o === null) expect(ranks[i]).toBe(fronts.length);
      }),
    );
  });

  it('does not depend on the order of the candidates', () => {
    const shuffled = populations.chain((objectives) => {
      const places = [...objectives.keys()];
      const orders = fc.shuffledSubarray(places, { minLength: places.length });
      return orders.map((order) => ({ objectives, order }));
    });
    fc.assert(
      fc.property(shuffled, ({ objectives, order }) => {
        const { ranks } = nonDominatedSort(objectives);
        const permuted = nonDominatedSort(order.map((i) => objectives[i])).ranks;
        expect(permuted).toEqual(order.map((i) => ranks[i]));
      }),
    );
  });

  it('counts values that are not finite as failures', () => {
    const sorted = nonDominatedSort([
      [Number.NaN, 0],
      [5, 5],
      [Number.NEGATIVE_INFINITY, 0],
    ]);
    expect(sorted).toEqual({ fronts: [[1]], ranks: [1, 0, 1] });
  });

  it('gives no front where all failed and none where there is nobody', () => {
    expect(nonDominatedSort([null, null])).toEqual({ fronts: [], ranks: [0, 0] });
    expect(nonDominatedSort([])).toEqual({ fronts: [], ranks: [] });
  });
});
