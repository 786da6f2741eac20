import { expect, test } from 'vitest';
import { sharedTrainings } from '../../bench/search-peers/shared-trainings.js';
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
