import { describe, expect, test } from 'vitest';
import { METHODS, measureSearch, plannedSamples } from '../../research/search/methods.js';
import { parseOptions } from '../../src/options/evolve-options.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const scale = {
  dataset: tinyFaces({ train: 64, validation: 32 }),
  population: 6,
  generations: 2,
  workers: 0,
  engine: 'wasm',
  fitness: { epochs: 9, batchSize: 16 },
  bounds: { maximumParameters: 10_000, maximumMacs: 100_000 },
};
const ladder = [54, 162, 486]; // samples seen up to each rung

describe('a measured search', () => {
  test('of the plain GA sees what was planned', async () => {
    const { method, seed, points, front } = await measureSearch('plain', 'a', scale);
    expect({ method, seed }).toEqual({ method: 'plain', seed: 'a' });
    expect(points.map(({ samplesSeen, evaluations }) => [samplesSeen, evaluations])).toEqual([
      [6 * ladder[2], 6],
      [12 * ladder[2], 12],
    ]);
    expect(points[1].hypervolume).toBeGreaterThanOrEqual(points[0].hypervolume);
    expect(front.length).toBeGreaterThan(0);
  });

  test('keeps to a budget, and to less of it in a generation with rungs', async () => {
    const budget = 12 * ladder[2];
    const { points } = await measureSearch('full', 'a', scale, budget);
    expect(points.length).toBeGreaterThan(2);
    expect(points.at(-2)?.samplesSeen).toBeLessThan(budget);
  });

  test('may do something differently from its method', async () => {
    const three = { ...scale, generations: 3 };
    const once = await measureSearch('full', 'a', three, undefined, { repeats: 1 });
    expect(once.points[0].evaluations).toBe(18 + 6 + 2);
    const again = await measureSearch('full', 'a', three);
    expect(again.points.slice(0, 2)).toEqual(once.points.slice(0, 2));
    expect(again.points[2].evaluations).toBe(once.points[2].evaluations + 1);
  });
});

test('planned samples are those of the rungs and of the repeats', () => {
  const planned = (method, generations) =>
    plannedSamples(parseOptions({ ...scale, ...METHODS[method], generations }));
  const [one, two, three] = ladder;
  expect(planned('plain', 2)).toBe(12 * three);
  const early = 6 * one + 2 * (two - one) + (three - two);
  const first = 18 * one + 6 * (two - one) + 2 * (three - two);
  const late = 6 * two + 2 * (three - two);
  expect(planned('rungs', 3)).toBe(2 * early + late);
  expect(planned('full', 3)).toBe(first + early + late + three);
});
