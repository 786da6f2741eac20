import { expect, test } from 'vitest';
import { firstOf, type Limits, terminationOf } from '../../src/search/termination.ts';

/** A search after generations with these hypervolumes, of 10 evaluations on 100 samples each. */
const after = (volumes: readonly number[], elapsedSeconds = 0) => ({
  elapsedSeconds,
  history: volumes.map((hypervolume, index) => ({
    index,
    hypervolume,
    front: [],
    evaluations: 10,
    failures: 0,
    samplesSeen: 100 * (index + 1),
  })),
});

test.each<[Limits, number]>([
  [{ generations: 4 }, 0.75],
  [{ maximumEvaluations: 30 }, 1],
  [{ maximumSamples: 200 }, 1.5],
  [{ maximumSeconds: 10 }, 0.5],
  [{ stagnation: 2 }, 0.5],
  [{ generations: 4, maximumSamples: 200, stagnation: undefined }, 1.5],
  [{}, 0],
])('the progress towards %o is %d', (limits, progress) => {
  expect(terminationOf(limits).progress(after([0.1, 0.3, 0.3], 5))).toBe(progress);
});

test('stagnation counts from the largest hypervolume', () => {
  const { progress } = terminationOf({ stagnation: 2 });
  expect(
    [[], [0.1], [0.1, 0.1], [0.2, 0.1, 0.15], [0.2, 0.1, 0.3]].map((one) => progress(after(one))),
  ).toEqual([0, 0, 0.5, 1, 0]);
});

test('of several criteria the first one ends the search', () => {
  const criterion = (progress: number) => ({ progress: () => progress });
  expect(firstOf([criterion(0.2), criterion(1), criterion(0.4)]).progress(after([]))).toBe(1);
  expect(firstOf([criterion(0.2), firstOf([criterion(0.3)])]).progress(after([]))).toBe(0.3);
});
