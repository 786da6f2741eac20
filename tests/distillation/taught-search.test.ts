import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { resumeRun } from '../../src/evolution/resume-run.ts';
import { trainGenomes } from '../../src/evolution/train-genomes.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { trainModel } from '../../src/training/train-model.ts';
import { SMALL, someFaces, trainedModel } from '../ensemble/models.ts';

let folder: string;
let file: string;
let dataset: Dataset;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-taught-'));
  file = join(folder, 'teacher.safetensors');
  dataset = await someFaces();
  await saveModel(file, trainedModel(await openEngine(), dataset, 'teacher', 10));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a search learns from a teacher, and its baseline does not', async () => {
  const search = async (teacher?: { file: string; mixing?: number }) => {
    const budgets = {
      fitness: { epochs: 1 },
      final: { epochs: 1 },
      finalists: 1,
      prefer: 'accurate' as const,
    };
    const options = {
      dataset,
      population: 4,
      generations: 1,
      workers: 0,
      controls: 'none' as const,
      teacher,
    };
    const bounds = { maximumParameters: 9000 };
    const run = evolvePatches({ ...options, ...budgets, bounds, halving: false, repeats: 1 });
    const { population, baseline } = await run;
    return { losses: population.map(({ loss }) => loss).sort(), baseline };
  };
  const [alone, taught, deaf] = [await search(), await search({ file }), await search({ file, mixing: 0 })];
  expect(taught.losses).not.toEqual(alone.losses);
  expect(deaf.losses).toEqual(alone.losses);
  expect(taught.baseline).toEqual(alone.baseline);
}, 60_000);

test('finalists and controls learn from the baseline, and the search does not', async () => {
  const run = async (distill: boolean, workers = 0) => {
    const budgets = {
      fitness: { epochs: 1 },
      final: { epochs: 1 },
      finalists: 1,
      prefer: 'accurate' as const,
    };
    const bounds = { maximumParameters: 9000 };
    const options = { dataset, population: 4, generations: 1, workers, distill, halving: false, repeats: 1 };
    const {
      timing: _,
      best: __,
      patchMap: ___,
      ...result
    } = await evolvePatches({ ...options, ...budgets, bounds });
    return result;
  };
  const [taught, alone] = [await run(true), await run(false)];
  expect(taught.baseline).toEqual(alone.baseline);
  expect(taught.population).toEqual(alone.population);
  expect(taught.finalists[0].validationLoss).not.toBe(alone.finalists[0].validationLoss);
  for (const [index, { validationLoss }] of taught.controls.entries()) {
    expect(validationLoss).not.toBe(alone.controls[index].validationLoss);
  }
  expect(await run(true, 2)).toEqual(taught);
}, 60_000);

test('a training learns from a teacher, and another teacher is another training', async () => {
  const config = { epochs: 1, batchSize: 16 };
  const train = (mixing: number, own: string) => {
    const options = { dataset, genome: SMALL, config, folder: join(folder, own) };
    return trainModel({ ...options, teacher: { file, mixing } });
  };
  const weak = await train(0.1, 'weak');
  const strong = await train(0.9, 'strong');
  expect(strong.network.weights).not.toEqual(weak.network.weights);
  expect((await train(0.9, 'strong')).network.weights).toEqual(strong.network.weights);
  await expect(train(0.1, 'strong')).rejects.toMatchObject({
    code: 'INVALID_RUN',
    problem: 'the folder holds another training',
  });
});

test('neither a training nor a run goes on with a teacher whose file has changed', async () => {
  const teacher = { file: join(folder, 'changing.safetensors') };
  const engine = await openEngine();
  await saveModel(teacher.file, trainedModel(engine, dataset, 'one', 1));
  const options = { dataset, genome: SMALL, config: { epochs: 1, batchSize: 16 }, teacher };
  await trainModel({ ...options, folder: join(folder, 'training') });
  const runFolder = join(folder, 'run');
  const budgets = { fitness: { epochs: 1 }, final: { epochs: 1 }, finalists: 1, prefer: 'accurate' as const };
  const stop = new AbortController();
  const run = evolvePatches({
    ...{ dataset, population: 4, generations: 2, workers: 0, teacher, runFolder, ...budgets },
    ...{
      baseline: false,
      controls: 'none' as const,
      bounds: { maximumParameters: 9000 },
      signal: stop.signal,
    },
    onEvent: ({ type }) => type === 'generation' && stop.abort(),
  });
  await run;
  await saveModel(teacher.file, trainedModel(engine, dataset, 'other', 1));
  const refusal = { code: 'INVALID_RUN', problem: expect.stringContaining('teacher has changed') };
  await expect(trainModel({ ...options, folder: join(folder, 'training') })).rejects.toMatchObject(refusal);
  await expect(resumeRun({ dataset, runFolder, workers: 0 })).rejects.toMatchObject(refusal);
  await expect(trainGenomes({ dataset, runFolder, genomes: [SMALL], engine })).rejects.toMatchObject(refusal);
}, 60_000);
