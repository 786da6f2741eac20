import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { curveOf } from '../../bench/search-peers/curve.js';
import { writePlot } from '../../bench/search-peers/plot.js';
import { sharedTrainings } from '../../bench/search-peers/shared-trainings.js';
import { comparisonTable } from '../../bench/search-peers/table.js';
import { LINE_COLORS } from '../../research/charts/chart-frame.js';
import { HARDLY_ANY_FINAL } from '../../research/search/methods.js';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { FitnessService } from '../../src/evolution/fitness-service.ts';
import { parseOptions } from '../../src/options/evolve-options.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

test("evopatch's own search has the losses that its service gives the others", {
  timeout: 120_000,
}, async () => {
  const dataset = await syntheticFaces({ count: 280 });
  const options = { dataset, seed: 'own', workers: 1, population: 4, generations: 1, ...HARDLY_ANY_FINAL };
  const trained = [];
  await evolvePatches({
    ...options,
    evaluator: sharedTrainings(parseOptions(options), 'of all'),
    onEvent: (event) => {
      if (event.type === 'evaluation' && event.evaluation.purpose === 'fitness')
        trained.push(event.evaluation);
    },
  });
  const service = await FitnessService.open({ dataset, seed: 'of all', workers: 1 });
  const answers = await Promise.all(
    trained.map(({ genome, rung, repeat }) => service.evaluate({ genome, rung, repeat })),
  );
  await service.close();
  expect(trained.length).toBeGreaterThan(3);
  expect(answers.map(({ objectives }) => objectives.loss)).toEqual(trained.map(({ loss }) => loss));
});

describe('searches of other optimisers', () => {
  const search = (method, seed, ...points) => ({
    data: 'faces',
    samples: 100,
    method,
    seed,
    trainings: 4,
    points: points.map(([samplesSeen, hypervolume]) => ({ samplesSeen, hypervolume })),
  });
  const training = (samples, isTop, ...shares) => ({ samples, isTop, shares });

  test('have the hypervolume of what was trained to the top within the budget', () => {
    const trainings = [
      training(10, false, 0.1, 0.1),
      training(20, true, 0.5, 0.5),
      training(30, true, 0.6, 0.6),
      training(40, true, 0.25, 0.75),
      training(50, false, 0.1, 0.1),
      training(60, true, 0.1, 0.1),
    ];
    expect(curveOf(trainings, 55)).toEqual([
      { samplesSeen: 20, hypervolume: 0.25 },
      { samplesSeen: 40, hypervolume: 0.3125 },
      { samplesSeen: 50, hypervolume: 0.3125 },
    ]);
  });

  test('are ranked within their seed, and say what evopatch needs to reach them', () => {
    const table = comparisonTable([
      search('evopatch', '1', [20, 0.3], [100, 0.5]),
      search('random', '1', [100, 0.3]),
      search('evopatch', '2', [100, 0.4]),
      search('random', '2', [100, 0.6]),
    ]);
    expect(table).toMatch(/evopatch +2 +0\.4500 ± 0\.0707 +1\.5 +4/);
    expect(table).toMatch(/random +2 +0\.4500 ± 0\.2121 +1\.5 +4 +100 \(20, never\)/);
  });
  test('are drawn as curves, evopatch among them', () => {
    const file = join(temporaryFolder(), 'curves.svg');
    writePlot(file, [
      search('evopatch', '1', [20, 0.3], [100, 0.5]),
      search('random', '1', [30, 0.2], [100, 0.3]),
      search('pymoo', '1', [30, 0.2], [100, 0.4]),
    ]);
    const drawn = readFileSync(file, 'utf8');
    for (const color of [LINE_COLORS[0], LINE_COLORS[2]]) expect(drawn).toContain(color.toUpperCase());
  });
});
