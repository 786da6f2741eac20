import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { dominates, nonDominatedSort } from '../../src/search/dominance.ts';
import { hypervolume } from '../../src/search/hypervolume.ts';
import {
  bestOfFirst,
  binaryTournament,
  crowdedComparison,
  rankAndCrowding,
  type Standing,
  survival,
} from '../../src/search/selection.ts';

const INFINITE = Number.POSITIVE_INFINITY;
const vector = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 2 });
const populations = fc.array(fc.option(vector, { freq: 6 }), { minLength: 1, maxLength: 40 });
const REFERENCE = [9, 9];
const standing = (rank: number, crowding: number): Standing => ({ index: 0, rank, crowding });

describe('crowdedComparison', () => {
  it('prefers the lower rank, then the larger distance', () => {
    expect(crowdedComparison(standing(0, 0), standing(1, INFINITE))).toBeLessThan(0);
    expect(crowdedComparison(standing(2, 1), standing(2, 3))).toBeGreaterThan(0);
    expect(crowdedComparison(standing(1, INFINITE), standing(1, INFINITE))).toBe(0);
  });
});

describe('rankAndCrowding', () => {
  it('measures the distance within the front of each', () => {
    const standings = rankAndCrowding([[0, 2], [5, 5], null, [1, 1], [2, 0]]);
    expect(standings.map(({ rank }) => rank)).toEqual([0, 1, 2, 0, 0]);
    expect(standings.map(({ crowding }) => crowding)).toEqual([INFINITE, INFINITE, 0, 2, INFINITE]);
    expect(standings.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('bestOfFirst', () => {
  it('is of the lowest rank, and leaves the smallest hypervolume where it lacks', () => {
    fc.assert(
      fc.property(populations, fc.nat(), (objectives, drawn) => {
        const count = 1 + (drawn % objectives.length);
        fc.pre(objectives.slice(0, count).some((one) => one !== null));
        const best = bestOfFirst(count, objectives, REFERENCE);
        const { fronts, ranks } = nonDominatedSort(objectives);
        const rank = Math.min(...ranks.slice(0, count));
        expect(ranks[best]).toBe(rank);
        const without = (index: number) => {
          const others = fronts[rank].filter((other) => other !== index);
          return hypervolume(
            others.map((other) => objectives[other] ?? []),
            REFERENCE,
          );
        };
        const firsts = fronts[rank].filter((index) => index < count);
        expect(best).toBe(firsts.toSorted((a, b) => without(a) - without(b) || a - b)[0]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('survival', () => {
  it('takes whole fronts, then the loneliest of the next', () => {
    const objectives = [[9, 9], [0, 10], [1, 9], [5, 5], [10, 0], null];
    expect(survival(objectives, 3).map(({ index }) => index)).toEqual([1, 4, 3]);
    expect(survival(objectives, 9).map(({ index }) => index)).toEqual([1, 4, 3, 2, 0, 5]);
  });

  it('keeps nobody whom a lost candidate dominates, and no failure before a success', () => {
    fc.assert(
      fc.property(populations, fc.integer({ min: 1, max: 40 }), (objectives, count) => {
        const kept = survival(objectives, count).map(({ index }) => index);
        expect(new Set(kept).size).toBe(Math.min(count, objectives.length));
        const lost = [...objectives.keys()].filter((index) => !kept.includes(index));
        for (const k of kept) {
          for (const l of lost) {
            const [winner, loser] = [objectives[k], objectives[l]];
            expect(winner === null && loser !== null).toBe(false);
            if (winner && loser) expect(dominates(loser, winner)).toBe(false);
          }
        }
      }),
    );
  });

  it('is elitist: the ends of the first front stay while there is room', () => {
    fc.assert(
      fc.property(populations, (objectives) => {
        const front = nonDominatedSort(objectives).fronts[0] ?? [];
        if (front.length === 0) return;
        const kept = survival(objectives, 4).flatMap(({ index }) => [objectives[index]]);
        for (const m of [0, 1]) {
          const best = Math.min(...front.map((index) => objectives[index]![m]));
          expect(kept.some((vector) => vector?.[m] === best)).toBe(true);
        }
      }),
    );
  });

  it('breaks ties by index', () => {
    expect(
      survival(
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        2,
      ).map(({ index }) => index),
    ).toEqual([0, 1]);
    expect(survival([null, null], 1).map(({ index }) => index)).toEqual([0]);
  });
});

describe('binaryTournament', () => {
  it('never lets the worst of all win and draws every other one', () => {
    const standings = [standing(1, 2), standing(0, 1), standing(2, 0), standing(1, 5)];
    const random = randomStream('tournament');
    const wins = [0, 0, 0, 0];
    for (let round = 0; round < 600; round++) wins[binaryTournament(standings, random)]++;
    expect(wins[2]).toBe(0);
    expect(wins[1]).toBeGreaterThan(wins[3]);
    expect(wins[3]).toBeGreaterThan(wins[0]);
    expect(wins[0]).toBeGreaterThan(50); // expected: 1/6 of the rounds
  });

  it('lets equals win equally often', () => {
    const standings = [standing(0, 1), standing(0, 1), standing(0, 1)];
    const random = randomStream('equals');
    const wins = [0, 0, 0];
    for (let round = 0; round < 900; round++) wins[binaryTournament(standings, random)]++;
    for (const count of wins) expect(Math.abs(count - 300)).toBeLessThan(60);
  });

  it('repeats itself with the same stream and needs no second candidate', () => {
    const standings = rankAndCrowding([
      [1, 2],
      [2, 1],
      [3, 3],
    ]);
    const draws = (seed: string) => {
      const random = randomStream(seed);
      return Array.from({ length: 50 }, () => binaryTournament(standings, random));
    };
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
    expect(binaryTournament([standing(0, 0)], randomStream('alone'))).toBe(0);
  });
});
