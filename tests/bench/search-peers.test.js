import { expect, test } from 'vitest';
import { sharedTrainings } from '../../bench/search-peers/shared-trainings.js';
import { comparisonTable } from '../../bench/search-peers/table.js';
import { HARDLY_ANY_FINAL } from '../../research/search/methods.js';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { FitnessService } from '../../src/evolution/fitness-service.ts';
import { parseOptions } from '../../src/options/evolve-options.ts';

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

test('the table says after how much compute evopatch has as much as another one ends with', () => {
  const search = (method, seed, points) => ({
    data: 'faces',
    samples: 1000,
    method,
    seed,
    trainings: points.length,
    points: points.map(([samplesSeen, hypervolume]) => ({ samplesSeen, hypervolume })),
  });
  const table = comparisonTable([
    search('evopatch', '1', [
      [100, 0.2],
      [400, 0.5],
      [900, 0.8],
    ]),
    search('evopatch', '2', [
      [100, 0.3],
      [600, 0.7],
    ]),
    search('random', '1', [[1000, 0.55]]),
    search('random', '2', [[1000, 0.75]]),
  ]);
  const [, , , ours, random] = table.split('\n').map((line) => line.trim().split(/\s{2,}/));
  expect(ours).toEqual(['evopatch', '2', '0.7500 ± 0.0707', '1.5', '3']);
  expect(random).toEqual(['random', '2', '0.6500 ± 0.1414', '1.5', '1', '90 (90, never)']);
});
