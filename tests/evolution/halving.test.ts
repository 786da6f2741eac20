import { describe, expect, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { type EvolveOptions, parseOptions } from '../../src/options/evolve-options.ts';
import { CONTROLS } from '../../src/run/result.ts';
import type { EvolutionEvent } from '../../src/search/events.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const options: EvolveOptions = {
  dataset: tinyFaces({ train: 64, validation: 32 }),
  population: 6,
  generations: 3,
  seed: 'halving',
  workers: 0,
  finalists: 1,
  prefer: 'accurate',
  baseline: false,
  controls: 'none',
  fitness: { epochs: 12, batchSize: 16 },
  final: { epochs: 1, batchSize: 16 },
  bounds: { maximumFilters: 8, maximumSide: 16, maximumMacs: 300_000 },
};

describe('successive halving', () => {
  test('trains few genomes to the top, with the same result for any number of workers', async () => {
    const { ladder } = parseOptions(options);
    expect(ladder.map(({ epochs }) => epochs)).toEqual([1, 3, 8]);
    const events: EvolutionEvent[] = [];
    const result = await evolvePatches({ ...options, onEvent: (event) => events.push(event) });
    const rungs = events.flatMap((event) =>
      event.type === 'evaluation' && event.evaluation.repeat === 0 ? [event.evaluation.rung] : [],
    );
    const count = (rung: number) => rungs.filter((one) => one === rung).length;
    // One generation of 18, 6 and 2, one of 6, 2 and 1; the last one starts on the second rung.
    expect([count(0), count(1), count(2)]).toEqual([18 + 6, 6 + 2 + 6, 2 + 1 + 2]);
    const promotions = events.flatMap((event) => (event.type === 'promotion' ? [event.promotion] : []));
    expect(promotions.map(({ generation, rung, promoted }) => [generation, rung, promoted.length])).toEqual([
      [0, 1, 6],
      [0, 2, 2],
      [1, 1, 2],
      [1, 2, 1],
      [2, 2, 2],
    ]);
    expect(result.front.every(({ rung }) => rung === 2)).toBe(true);
    const last = events.at(-1)?.progress;
    expect(last).toEqual({ completed: result.evaluations, total: result.evaluations });

    const { timing: _, ...inline } = result;
    const { timing: __, ...pooled } = await evolvePatches({ ...options, workers: 2 });
    expect(JSON.stringify(pooled)).toBe(JSON.stringify(inline));
  });

  test('can be left out: then all climb to the top, and see more', async () => {
    const one = { ...options, generations: 1, repeats: 1, surrogate: false };
    const halved = await evolvePatches(one);
    const plain = await evolvePatches({ ...one, halving: false });
    expect(plain.population.every(({ rung }) => rung === 2)).toBe(true);
    expect(plain.history[0].evaluations).toBe(6);
    expect(plain.history[0].samplesSeen).toBeGreaterThan(3 * halved.history[0].samplesSeen);
    // The one that was promoted ends with the loss that it has without a stop on the way.
    const [best] = halved.front;
    expect(plain.population.find(({ hash }) => hash === best.hash)?.loss).toBe(best.loss);
  });
});

test('members of the front are trained again with other seeds; means and deviations are shown', async () => {
  const { population, history } = await evolvePatches({
    ...options,
    seed: 'repeats',
    population: 16,
    generations: 3,
    halving: false,
    repeats: 2,
  });
  const repeated = population.filter(({ deviation }) => deviation !== null);
  expect(repeated.length).toBeGreaterThan(0);
  for (const { deviation } of repeated) expect(deviation).toBeGreaterThan(0);
  expect(history.map(({ evaluations }) => evaluations)).toEqual([16, 16, 18]);
});

test('controls are trained beside the choice, and the result says who leads by how much', async () => {
  const events: EvolutionEvent[] = [];
  const onEvent = (event: EvolutionEvent) => events.push(event);
  const run = { ...options, controls: 'all', onEvent } as const;
  const { controls, best, history } = await evolvePatches(run);
  expect(controls.map(({ control }) => control)).toEqual([...CONTROLS]);
  for (const { control, lead, validationAccuracy, parameters, coveredPixels } of controls) {
    expect(lead?.estimate).toBeCloseTo((best.validationAccuracy ?? Number.NaN) - validationAccuracy, 12);
    expect(lead?.pValue).toBeGreaterThan(0);
    expect(parameters).toBeLessThanOrEqual(best.parameters);
    if (control === 'whole-face') expect(coveredPixels).toBe(48 * 48);
    else expect(coveredPixels).toBeLessThanOrEqual(best.coveredPixels);
  }
  const trained = events.flatMap((event) => (event.type === 'evaluation' ? [event.evaluation] : []));
  const layouts = trained.filter(({ purpose, rung }) => purpose === 'random-search' && rung === 0);
  expect(controls[0].layouts).toBe(layouts.length);
  const { ladder } = parseOptions(run);
  const samples = trained
    .filter(({ purpose }) => purpose === 'random-search')
    .reduce((sum, { rung = 0 }) => sum + ladder[rung].rows * ladder[rung].epochs, 0);
  expect(samples).toBeGreaterThanOrEqual(history.at(-1)?.samplesSeen ?? Number.NaN);
});

describe('a search ends', () => {
  const generationsOf = async (changes: Partial<EvolveOptions>) =>
    (await evolvePatches({ ...options, generations: 50, ...changes })).history.length;

  test('after so many evaluations, samples or seconds, at the end of a generation', async () => {
    expect(await generationsOf({ maximumEvaluations: 27, repeats: 1 })).toBe(2); // 26, then 9
    expect(await generationsOf({ maximumSamples: 1 })).toBe(1);
    expect(await generationsOf({ maximumSeconds: 0.001 })).toBe(1);
  });

  test('when the hypervolume no longer grows', async () => {
    const run = await evolvePatches({ ...options, generations: 50, stagnation: 2, repeats: 1 });
    const volumes = run.history.map(({ hypervolume }) => hypervolume);
    expect(volumes.length).toBeLessThan(50);
    expect(new Set(volumes.slice(-3)).size).toBe(1);
  });
});

test('measured latency can be an objective', async () => {
  const { front, referencePoint } = await evolvePatches({
    ...options,
    generations: 1,
    objectives: ['loss', 'latency'],
  });
  expect(front.length).toBeGreaterThan(0);
  expect(referencePoint).toEqual({ loss: expect.closeTo(Math.log(3), 12), latency: 10 });
});
