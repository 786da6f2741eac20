import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { parseGenome } from '../../src/genome/parse-genome.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { parameterCount } from '../../src/network/describe.ts';
import type { EvolveOptions } from '../../src/options/evolve-options.ts';
import type { EvolutionReport } from '../../src/run/result.ts';
import type { EvaluationRecord, EvolutionEvent } from '../../src/search/events.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const dataset = tinyFaces({ train: 64, validation: 32 });
const tiny: EvolveOptions = {
  dataset,
  population: 4,
  generations: 2,
  seed: 'tiny',
  workers: 0,
  finalists: 2,
  prefer: 'accurate',
  repeats: 1,
  fitness: { epochs: 1, batchSize: 16 },
  final: { epochs: 1, batchSize: 16 },
  bounds: { maximumFilters: 8, maximumSide: 16 },
};

/** What must not depend on the number of workers, byte for byte. */
function timeless({ timing: _, ...report }: EvolutionReport): string {
  return JSON.stringify(report);
}

describe('a run', () => {
  test('gives the same result inline and with 1, 2 and 3 workers', async () => {
    const results = await Promise.all([0, 1, 2, 3].map((workers) => evolvePatches({ ...tiny, workers })));
    const [inline, ...pooled] = results.map(timeless);
    expect(pooled).toEqual([inline, inline, inline]);
    expect(timeless(await evolvePatches({ ...tiny, seed: 'other' }))).not.toBe(inline);
  });

  test('reports a baseline, a front, a choice and its controls that fit together', async () => {
    const result = await evolvePatches(tiny);
    expect(result).toMatchObject({ status: 'complete', seed: 'tiny', failures: 0, format: 1 });
    expect(result.dataset).toMatchObject({ hash: dataset.hash, training: 64, validation: 32 });
    expect(result.baseline).toMatchObject({ network: 'baseline', coveredPixels: 48 * 48 });
    expect(result.evaluations).toBe(1 + 8 + result.finalists.length + 5);
    const { best, controls, finalists, front, population } = result;
    const spec = toNetworkSpec(parseGenome(best.genome), { classes: 3, frame: dataset.frame });
    expect(best.parameters).toBe(parameterCount(spec));
    expect(finalists.map(({ hash }) => hash)).toContain(best.hash);
    for (const { parameters } of controls) expect(parameters).toBeLessThanOrEqual(best.parameters);
    expect(best.interval95?.[0]).toBeLessThanOrEqual(best.validationAccuracy ?? 0);
    expect(best.interval95?.[1]).toBeGreaterThanOrEqual(best.validationAccuracy ?? 1);
    expect(population).toHaveLength(4);
    expect(population[0].rank).toBe(0);
    expect(front.map(({ loss }) => loss)).toEqual(front.map(({ loss }) => loss).sort((a, b) => a - b));
    const evolved = finalists.filter(({ hash }) => front.some((member) => member.hash === hash));
    expect(evolved.length).toBeGreaterThanOrEqual(finalists.length / 2);
  });

  test('can be iterated and awaited, before and after its end', async () => {
    const run = evolvePatches({ ...tiny, generations: 3 });
    const seen: number[] = [];
    for await (const generation of run) seen.push(generation.index);
    const result = await run;
    const again = [];
    for await (const generation of run) again.push(generation);
    expect(seen).toEqual([0, 1, 2]);
    expect(again).toEqual(result.history);
    const volumes = result.history.map(({ hypervolume }) => hypervolume);
    expect(volumes).toEqual(volumes.toSorted((a, b) => a - b)); // elitism
  });

  test('tells of every training run, with progress that ends complete', async () => {
    const events: EvolutionEvent[] = [];
    const result = await evolvePatches({ ...tiny, workers: 1, onEvent: (event) => events.push(event) });
    const purposes = events.flatMap((event) =>
      event.type === 'evaluation' ? [event.evaluation.purpose] : [],
    );
    expect(purposes).toHaveLength(result.evaluations);
    expect(new Set(purposes)).toEqual(new Set(['baseline', 'fitness', 'final', 'control']));
    const progress = { completed: 0, total: 8 + 2 + 1 + 5 };
    expect(events[0]).toEqual({ type: 'start', generations: 2, history: [], progress });
    const completed = events.map(({ progress }) => progress.completed);
    expect(completed).toEqual(completed.toSorted((a, b) => a - b));
    expect(events.at(-1)?.progress).toEqual({ completed: result.evaluations, total: result.evaluations });
  });

  test('does without baseline and controls', async () => {
    const result = await evolvePatches({ ...tiny, baseline: false, controls: 'none' });
    expect(result).toMatchObject({ baseline: null, controls: [], best: { difference: null } });
    expect(result.evaluations).toBe(8 + result.finalists.length);
  });
});

describe('an aborted run', () => {
  test('gives the best so far and leaves no thread behind', async () => {
    const before = process.getActiveResourcesInfo().length;
    const run = evolvePatches({ ...tiny, generations: 1000, workers: 2, baseline: false });
    for await (const generation of run) if (generation.index === 1) run.abort();
    const result = await run;
    expect(result.status).toBe('aborted');
    expect(result.history.length).toBeLessThan(1000);
    expect(result.best).toMatchObject({ validationAccuracy: null, model: null });
    const least = Math.min(...result.front.map(({ loss }) => loss));
    expect(result.front.find(({ hash }) => hash === result.best.hash)?.loss).toBe(least);
    await expect(result.best.save('nowhere')).rejects.toMatchObject({ code: 'ABORTED' });
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
  });

  test('keeps what was evaluated of the generation that it was in', async () => {
    const stop = new AbortController();
    const onEvent = (event: EvolutionEvent) => {
      if (event.type === 'evaluation' && event.evaluation.index === 1) stop.abort();
    };
    const result = await evolvePatches({ ...tiny, baseline: false, signal: stop.signal, onEvent });
    expect(result).toMatchObject({ status: 'aborted', history: [], evaluations: 2 });
    expect(result.population).toHaveLength(2);
  });

  test('is an error before anything was evaluated', async () => {
    const run = evolvePatches({ ...tiny, signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('a run that cannot go on', () => {
  test('says why when the baseline fails', async () => {
    const run = evolvePatches({ ...tiny, workers: 1, timeoutSeconds: 0.0001, retries: 0 });
    await expect(run).rejects.toMatchObject({
      code: 'EVALUATION_FAILED',
      message: expect.stringMatching(/baseline.*longer than 0.0001 s/),
    });
  });

  test('says why when a whole generation fails', async () => {
    const run = evolvePatches({ ...tiny, workers: 1, timeoutSeconds: 0.0001, retries: 0, baseline: false });
    await expect(run).rejects.toMatchObject({
      code: 'EVALUATION_FAILED',
      message: expect.stringMatching(/all 4 genomes of generation 1.*longer than 0.0001 s/),
    });
    const iteration = (async () => {
      for await (const generation of run) throw new Error(`no generation ${generation.index}`);
    })();
    await expect(iteration).rejects.toMatchObject({ code: 'EVALUATION_FAILED' });
  });

  test('ends with what a listener throws', async () => {
    const onEvent = ({ type }: EvolutionEvent) => {
      if (type === 'generation') throw new Error('listener');
    };
    await expect(evolvePatches({ ...tiny, onEvent })).rejects.toThrow('listener');
  });

  test('refuses data without rows to train on or to validate with', async () => {
    const unvalidated = tinyFaces({ train: 8, validation: 0 });
    await expect(evolvePatches({ ...tiny, dataset: unvalidated })).rejects.toMatchObject({
      code: 'INVALID_DATA',
    });
    const untrained = tinyFaces({ train: 0, validation: 8 });
    await expect(evolvePatches({ ...tiny, dataset: untrained })).rejects.toMatchObject({
      code: 'INVALID_DATA',
    });
  });

  test('throws at once for options that are wrong', () => {
    expect(() => evolvePatches({ ...tiny, population: 1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});

describe('a run folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const lines = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n');

  test('holds what was asked, every training run, the result and the model', async () => {
    const runFolder = join(folder, 'runs', 'first');
    const result = await evolvePatches({ ...tiny, runFolder });
    const files = [
      'checkpoint.json',
      'checkpoint.previous.json',
      'history.jsonl',
      'maps',
      'models',
      'result.json',
      'run.json',
      'weights',
    ];
    expect((await readdir(runFolder)).sort()).toEqual(files);
    const maps = ['best.json', 'best.png', 'population.json', 'population.png'];
    expect((await readdir(join(runFolder, 'maps'))).sort()).toEqual(maps);
    const best = JSON.parse(await readFile(join(runFolder, 'maps', 'best.json'), 'utf8'));
    expect(best).toEqual(result.patchMap().toJson());
    expect(best.genomes[0].summary).toBe(result.best.summary);
    expect(result.patchMap('population').toJson().genomes).toHaveLength(result.population.length);
    const written = JSON.parse(await readFile(join(runFolder, 'result.json'), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(result)));
    expect(written.best.model).toBe('models/best.safetensors');
    const models = ['best', ...result.finalists.map(({ hash }) => hash.slice(0, 8))];
    const modelFiles = models.map((name) => `${name}.safetensors`);
    expect((await readdir(join(runFolder, 'models'))).sort()).toEqual(modelFiles.sort());
    const records: EvaluationRecord[] = (await lines(join(runFolder, 'history.jsonl'))).map((line) =>
      JSON.parse(line),
    );
    expect(records).toHaveLength(result.evaluations);
    expect(records.filter(({ purpose }) => purpose === 'fitness')).toHaveLength(8);
    const run = JSON.parse(await readFile(join(runFolder, 'run.json'), 'utf8'));
    expect(run).toMatchObject({
      dataset: { hash: dataset.hash },
      engine: { numerics: result.numerics },
      options: { population: 4, seed: 'tiny' },
    });
    const copy = join(folder, 'copy.safetensors');
    await result.best.save(copy);
    expect(await readFile(copy)).toEqual(await readFile(join(runFolder, 'models', 'best.safetensors')));
  });

  test('is refused where it holds something, and nothing is touched', async () => {
    await writeFile(join(folder, 'result.json'), '{}');
    await expect(evolvePatches({ ...tiny, runFolder: folder })).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
      data: { file: folder, given: 'result.json' },
    });
    expect(await readdir(folder)).toEqual(['result.json']);
  });

  test('is refused where it cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(evolvePatches({ ...tiny, runFolder: join(folder, 'file', 'run') })).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
    });
  });
});
