import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RunLock } from '../../src/core/run-lock.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { resumeRun } from '../../src/evolution/resume-run.ts';
import type { EvolveOptions, ResumeOptions } from '../../src/options/evolve-options.ts';
import type { EvolutionReport } from '../../src/run/result.ts';
import type { EvolutionEvent } from '../../src/search/events.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const dataset = tinyFaces({ train: 64, validation: 32 });
const tiny: EvolveOptions = {
  dataset,
  population: 4,
  generations: 4,
  seed: 'resumed',
  workers: 0,
  finalists: 2,
  repeats: 2,
  fitness: { epochs: 9, batchSize: 16 },
  final: { epochs: 1, batchSize: 16 },
  bounds: { maximumFilters: 8, maximumSide: 16 },
  baseline: false,
};

let root: string;
let unbroken: EvolutionReport;
/** A run that was interrupted in its third generation, to copy. */
let begun: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evopatch-'));
  unbroken = await evolvePatches({ ...tiny, runFolder: join(root, 'unbroken') });
  begun = join(root, 'begun');
  const stop = new AbortController();
  const onEvent = (event: EvolutionEvent) => {
    if (event.type === 'evaluation' && event.evaluation.generation === 2) stop.abort();
  };
  await evolvePatches({ ...tiny, runFolder: begun, signal: stop.signal, onEvent });
});
afterAll(() => rm(root, { recursive: true }));

let runFolder: string;
beforeEach(async () => {
  runFolder = join(await mkdtemp(join(root, 'copy ')), 'run');
  await cp(begun, runFolder, { recursive: true });
});

const timeless = ({ timing: _, ...report }: EvolutionReport) => JSON.stringify(report);
const resume = (options: Partial<ResumeOptions> = {}) => resumeRun({ dataset, runFolder, ...options });
const inRun = (name: string) => join(runFolder, name);
/** Resumes the run; tells what was trained anew and what it was warned of. */
async function resumed(options: Partial<ResumeOptions> = {}) {
  const events: EvolutionEvent[] = [];
  const result = await resume({ ...options, onEvent: (event) => events.push(event) });
  const evaluations = events.flatMap((event) => (event.type === 'evaluation' ? [event.evaluation] : []));
  const told = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  const warnings = told.filter((message) => !message.startsWith('candidates are measured on')); // tiny data
  return { result, events, evaluations, warnings };
}

describe('a run that is resumed', () => {
  test('ends as an unbroken one, and trains nothing twice', async () => {
    const { result, evaluations, warnings } = await resumed();
    expect(timeless(result)).toBe(timeless(unbroken));
    const written: EvolutionReport = JSON.parse(await readFile(inRun('result.json'), 'utf8'));
    expect(timeless(written)).toBe(timeless(unbroken));
    expect(warnings).toEqual([]);
    const searched = evaluations.filter(({ purpose }) => purpose === 'fitness');
    expect(searched.every(({ generation = 2 }) => generation >= 2)).toBe(true);
    const known = searched.filter(({ seconds }) => seconds === 0);
    expect(known.map(({ generation }) => generation)).toEqual([2]);
    const lines = (await readFile(inRun('history.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(result.evaluations);
    const model = 'models/best.safetensors';
    expect(await readFile(inRun(model))).toEqual(await readFile(join(root, 'unbroken', model)));
  });

  test('counts what is known, and its generations can be iterated from the first', async () => {
    const run = resume();
    const indices: number[] = [];
    for await (const { index } of run) indices.push(index);
    expect(indices).toEqual([0, 1, 2, 3]);
    await rm(runFolder, { recursive: true });
    await cp(begun, runFolder, { recursive: true });
    const { events, result } = await resumed();
    const known = unbroken.history.slice(0, 2).reduce((sum, { evaluations }) => sum + evaluations, 0);
    expect(events[0]).toMatchObject({ type: 'start', progress: { completed: known } });
    const { completed, total } = events[events.length - 1].progress;
    expect([completed, total]).toEqual([result.evaluations, result.evaluations]);
    const checkpoints = events.flatMap((event) => (event.type === 'checkpoint' ? [event.generation] : []));
    expect(checkpoints).toEqual([2, 3]);
    expect(result.timing.trainingSeconds).toBeGreaterThan(
      events.reduce((sum, event) => sum + (event.type === 'evaluation' ? event.evaluation.seconds : 0), 0),
    );
  });

  test.each([1, 2, 4])('does so with %i workers too', async (workers) => {
    const { result } = await resumed({ workers });
    expect(timeless(result)).toBe(timeless(unbroken));
    expect(result.timing.workers).toBe(workers);
  });

  test('does so where its data has another path by now', async () => {
    const { result } = await resumed({ dataset: { ...dataset, name: '/elsewhere/faces.csv' } });
    expect(timeless(result)).toBe(timeless(unbroken));
  });

  test('does so again and again, wherever it is interrupted', async () => {
    for (let count = 1; ; count += 3) {
      const stop = new AbortController();
      let open = count;
      const onEvent = ({ type }: EvolutionEvent) => {
        if (type === 'evaluation' && --open === 0) stop.abort();
      };
      const result = await resume({ signal: stop.signal, onEvent });
      if (result.status === 'complete') break;
      expect(count).toBeLessThan(60);
    }
    const written: EvolutionReport = JSON.parse(await readFile(inRun('result.json'), 'utf8'));
    expect(timeless(written)).toBe(timeless(unbroken));
  });

  test('does without its checkpoints, and without its history', async () => {
    await writeFile(inRun('checkpoint.json'), 'damaged');
    await writeFile(inRun('checkpoint.previous.json'), 'damaged');
    const replayed = await resumed();
    expect(timeless(replayed.result)).toBe(timeless(unbroken));
    expect(replayed.warnings).toHaveLength(2);
    expect(replayed.evaluations.filter(({ seconds }) => seconds === 0).length).toBeGreaterThan(8);
    await rm(runFolder, { recursive: true });
    await cp(begun, runFolder, { recursive: true });
    await rm(inRun('history.jsonl'));
    expect(timeless((await resumed()).result)).toBe(timeless(unbroken));
  });

  test('trains again what damaged lines of the history said', async () => {
    const text = await readFile(inRun('history.jsonl'), 'utf8');
    await writeFile(inRun('history.jsonl'), text.replaceAll('"index":1', '"index":2'));
    await rm(inRun('checkpoint.json'));
    await rm(inRun('checkpoint.previous.json'));
    const damaged = text.split('"index":1').length - 1;
    expect(damaged).toBeGreaterThan(1);
    const { result, warnings } = await resumed();
    expect(warnings).toHaveLength(damaged);
    expect(timeless(result)).toBe(timeless(unbroken));
  });
});

describe('limits on the time', () => {
  test('count that of all processes', async () => {
    const runJson = JSON.parse(await readFile(inRun('run.json'), 'utf8'));
    runJson.options.maximumSeconds = 1e-9;
    await writeFile(inRun('run.json'), JSON.stringify(runJson));
    const { history } = await resume();
    expect(history).toHaveLength(2);
  });
});

describe('resuming is refused', () => {
  test('with another data set', async () => {
    const other = tinyFaces({ train: 65, validation: 32 });
    await expect(resume({ dataset: other })).rejects.toMatchObject({
      code: 'INVALID_RUN',
      message: expect.stringContaining('the data set is not that of the run'),
    });
  });

  test('with other numerics', async () => {
    const numerics = unbroken.numerics === 'fused' ? 'unfused' : 'fused';
    const text = await readFile(inRun('run.json'), 'utf8');
    await writeFile(inRun('run.json'), text.replace(`"${unbroken.numerics}"`, `"${numerics}"`));
    await expect(resume()).rejects.toMatchObject({
      code: 'INVALID_RUN',
      message: expect.stringContaining(`must round '${numerics}'`),
    });
  });

  test('by a release that trains in other rungs', async () => {
    const runJson = JSON.parse(await readFile(inRun('run.json'), 'utf8'));
    await writeFile(inRun('run.json'), JSON.stringify({ ...runJson, ladder: [{ rows: 1, epochs: 1 }] }));
    await expect(resume()).rejects.toMatchObject({ code: 'INVALID_RUN' });
  });

  test.each([
    ['another format', '{"format":1}', /another format \(given: 1\)/],
    ['no JSON', '{"format":', /run\.json: this is not JSON/],
    ['nothing of a run', '{"format":2}', /run\.json/],
  ])('where run.json has %s', async (_what, content, message) => {
    await writeFile(inRun('run.json'), content);
    await expect(resume()).rejects.toMatchObject({
      code: 'INVALID_RUN',
      data: { file: inRun('run.json') },
      message: expect.stringMatching(message),
    });
  });

  test('where an option is impossible', async () => {
    const runJson = JSON.parse(await readFile(inRun('run.json'), 'utf8'));
    runJson.options.population = 1;
    await writeFile(inRun('run.json'), JSON.stringify(runJson));
    await expect(resume()).rejects.toMatchObject({ code: 'INVALID_RUN' });
  });

  test('where there is no run', async () => {
    await expect(resume({ runFolder: join(runFolder, 'none') })).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
    });
  });

  test('where the run is complete', async () => {
    await expect(resume({ runFolder: join(root, 'unbroken') })).rejects.toMatchObject({
      code: 'INVALID_RUN',
      message: expect.stringContaining('the run is complete'),
    });
  });

  test('where another process works on the run', async () => {
    const lock = await RunLock.acquire(inRun('lock'));
    const owner = { code: 'RUN_LOCKED', data: { given: { pid: process.pid } } };
    await expect(resume()).rejects.toMatchObject(owner);
    await expect(evolvePatches({ ...tiny, runFolder })).rejects.toMatchObject(owner);
    await lock.release();
    expect(timeless(await resume())).toBe(timeless(unbroken));
  });

  test('at once where options are wrong', () => {
    const wrong = [{ workers: -1 }, { population: 8 }, { dataset: undefined }, { runFolder: '' }];
    for (const options of wrong as Partial<ResumeOptions>[]) {
      expect(() => resume(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    }
  });
});
