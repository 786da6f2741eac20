import { describe, expect, test } from 'vitest';
import {
  bandOf,
  meanAndDeviation,
  reachedAt,
  summarizeSearches,
  valueAt,
} from '../../research/search/curves.js';

function curve(method, seed, points) {
  return {
    method,
    seed,
    points: points.map(([samplesSeen, hypervolume]) => ({ samplesSeen, hypervolume, evaluations: 1 })),
  };
}

const plainA = curve('plain', 'a', [
  [100, 0.1],
  [200, 0.3],
  [300, 0.4],
]);
const plainB = curve('plain', 'b', [
  [100, 0.2],
  [300, 0.2],
]);

describe('a curve', () => {
  test('is a staircase', () => {
    expect([99, 100, 199, 200, 1e9].map((samples) => valueAt(plainA, samples))).toEqual([
      0, 0.1, 0.1, 0.3, 0.4,
    ]);
  });

  test('is reached where a generation ends at least as high', () => {
    expect([0, 0.1, 0.2, 0.3, 0.41].map((value) => reachedAt(plainA, value))).toEqual([
      100,
      100,
      200,
      200,
      null,
    ]);
  });
});

describe('summaries', () => {
  const fullA = curve('full', 'a', [
    [60, 0.2],
    [90, 0.4],
    [301, 0.9],
  ]);
  const fullB = curve('full', 'b', [
    [30, 0.25],
    [270, 0.5],
  ]);

  test('compare with the plain GA on the same seed, within its compute', () => {
    const [plain, full] = summarizeSearches([plainA, plainB, fullA, fullB]);
    expect(plain).toMatchObject({ method: 'plain', seeds: ['a', 'b'] });
    expect(plain.shares).toEqual([1, 100 / 300]); // b had its last hypervolume from the start
    expect(full).toMatchObject({ method: 'full', shares: [90 / 300, 30 / 300] });
    expect(full.share).toBeCloseTo(0.2, 12);
    expect(full.hypervolume.mean).toBeCloseTo(0.45, 12);
    expect(full.hypervolume.deviation).toBeCloseTo(Math.sqrt(0.005), 12);
  });

  test('say honestly where it was not reached', () => {
    const late = curve('random', 'a', [[301, 0.9]]);
    const [, random] = summarizeSearches([plainA, late]);
    expect(random).toEqual({
      method: 'random',
      seeds: ['a'],
      hypervolume: { mean: 0, deviation: null },
      shares: [null],
      share: null,
    });
  });

  test('leave out seeds that the plain GA has not finished', () => {
    expect(summarizeSearches([plainA, fullA, fullB]).map(({ seeds }) => seeds)).toEqual([['a'], ['a']]);
    expect(summarizeSearches([fullA])).toEqual([]);
  });
});

test('a band has the mean, the least and the most', () => {
  const { samples, mean, least, most } = bandOf([plainA, plainB], 300, 2);
  expect(samples).toEqual([100, 200, 300]);
  expect(least).toEqual([0.1, 0.2, 0.2]);
  expect(most).toEqual([0.2, 0.3, 0.4]);
  for (const [place, value] of [0.15, 0.25, 0.3].entries()) expect(mean[place]).toBeCloseTo(value, 12);
});

test('the deviation is that of a sample', () => {
  expect(meanAndDeviation([2, 4, 9])).toEqual({ mean: 5, deviation: Math.sqrt(13) });
  expect(meanAndDeviation([2])).toEqual({ mean: 2, deviation: null });
});
