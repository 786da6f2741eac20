import { beforeAll, describe, expect, test } from 'vitest';
import { type RungsReport, rungsBenchmark } from '../../src/bench/rungs.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const options = {
  dataset: tinyFaces({ train: 64, validation: 32 }),
  seeds: ['a', 'b'],
  networks: 4,
  fitness: { epochs: 9, batchSize: 16 },
  bounds: { maximumParameters: 10_000, maximumMacs: 200_000 },
  engine: 'wasm',
};

let report: RungsReport;
let progress: (readonly [number, number])[];
beforeAll(async () => {
  progress = [];
  const onProgress = (completed: number, total: number) => progress.push([completed, total]);
  report = await rungsBenchmark({ ...options, workers: 0, onProgress });
});

describe('the fidelity of rungs', () => {
  test('climbs the ladder of a run', () => {
    expect(report).toMatchObject({ dataset: 'tiny faces', networks: 4, failures: 0 });
    expect(
      report.rungs.map(({ rung, rows, epochs, samplesSeen }) => [rung, rows, epochs, samplesSeen]),
    ).toEqual([
      [0, 54, 1, 54],
      [1, 54, 2, 162],
      [2, 54, 6, 486],
    ]);
    expect(report.rungs.map(({ share }) => share)).toEqual([1 / 9, 1 / 3, 1]);
  });

  test('reports every training', () => {
    const total = 2 * 2 * 4 * 3; // seeds, kinds, networks, rungs
    expect(progress).toEqual(Array.from({ length: total }, (_, index) => [index + 1, total]));
  });

  test('is 1 on the top rung and within its range below', () => {
    for (const { rung, random, mutations } of report.rungs) {
      for (const { mean, perSeed } of [random, mutations]) {
        expect(perSeed).toHaveLength(2);
        const [a, b] = perSeed.map(Number);
        expect(mean).toBeCloseTo((a + b) / 2, 12);
        for (const value of [a, b]) expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12);
        if (rung === 2) expect([a, b]).toEqual([1, 1]);
      }
    }
    const below = report.rungs[0];
    expect([...below.random.perSeed, ...below.mutations.perSeed].some((value) => value !== 1)).toBe(true);
  });

  test('does not depend on the threads', async () => {
    expect(await rungsBenchmark({ ...options, workers: 2 })).toEqual(report);
  });

  test('leaves out networks that fail', async () => {
    const fitness = { ...options.fitness, learningRate: 10, optimizer: 'sgd', weightDecay: 1 } as const;
    const failed = await rungsBenchmark({ ...options, seeds: ['a'], networks: 3, fitness, workers: 0 });
    expect(failed.failures).toBe(6);
    expect(failed.rungs[0].random).toEqual({ mean: null, perSeed: [null] });
  });
});
