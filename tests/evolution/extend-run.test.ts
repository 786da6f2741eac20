import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { resumeRun } from '../../src/evolution/resume-run.ts';
import type { EvolveOptions } from '../../src/options/evolve-options.ts';
import { timeless, tinyRun } from './running.ts';

const { dataset } = tinyRun;
/** No generation depends on how many there are. */
const flat: EvolveOptions = { ...tinyRun, repeats: 1, generations: 2 };
/** Late generations start higher and train the front again. */
const laddered: EvolveOptions = { ...tinyRun, generations: 3 };

let runFolder: string;
beforeEach(async () => {
  runFolder = join(await mkdtemp(join(tmpdir(), 'evopatch-')), 'run');
});
afterEach(() => rm(join(runFolder, '..'), { recursive: true }));

describe('a run that is extended', () => {
  test('has the result of a longer one from the start, where no generation looks ahead', async () => {
    const whole = await evolvePatches({ ...flat, generations: 5, runFolder: `${runFolder}-whole` });
    await evolvePatches({ ...flat, runFolder });
    const extended = await resumeRun({ runFolder, dataset, workers: 0, generations: 5 });
    expect(timeless(extended)).toBe(timeless(whole));
  });

  test('has one result, however often it is interrupted', async () => {
    await evolvePatches({ ...laddered, runFolder });
    const other = `${runFolder}-interrupted`;
    await evolvePatches({ ...laddered, runFolder: other });
    const expected = await resumeRun({ runFolder, dataset, workers: 0, generations: 6 });
    const stop = new AbortController();
    await resumeRun({
      runFolder: other,
      dataset,
      workers: 0,
      generations: 6,
      signal: stop.signal,
      onEvent: ({ type }) => type === 'generation' && stop.abort(),
    });
    const resumed = await resumeRun({ runFolder: other, dataset, workers: 0 });
    expect(timeless(resumed)).toBe(timeless(expected));
    expect(resumed.history).toHaveLength(6);
    const { plans, options } = JSON.parse(await readFile(join(other, 'run.json'), 'utf8'));
    expect(plans).toEqual([
      { from: 0, generations: 3 },
      { from: 3, generations: 6 },
    ]);
    expect(options.generations).toBe(6);
  });

  test('takes higher limits', async () => {
    const limited = await evolvePatches({ ...flat, generations: 5, maximumEvaluations: 1, runFolder });
    expect(limited.history).toHaveLength(1);
    const further = await resumeRun({ runFolder, dataset, workers: 0, maximumEvaluations: 1000 });
    expect(further.history).toHaveLength(5);
  });

  test('keeps what its description says besides', async () => {
    await evolvePatches({ ...flat, runFolder });
    const file = join(runFolder, 'run.json');
    const before = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...before, note: 'by hand' }));
    await resumeRun({ runFolder, dataset, workers: 0, generations: 3 });
    const { plans: _, options, ...after } = JSON.parse(await readFile(file, 'utf8'));
    expect({ ...after, options }).toEqual({
      ...before,
      note: 'by hand',
      options: { ...before.options, generations: 3 },
    });
  });

  test('refuses fewer generations than it has ended, and leaves its files as they are', async () => {
    await evolvePatches({ ...flat, runFolder });
    const file = join(runFolder, 'result.json');
    const result = await readFile(file, 'utf8');
    const fewer = resumeRun({ runFolder, dataset, workers: 0, generations: 1 });
    await expect(fewer).rejects.toMatchObject({ code: 'INVALID_OPTION', data: { option: 'generations' } });
    await expect(resumeRun({ runFolder, dataset, workers: 0 })).rejects.toThrow(/complete/);
    expect(await readFile(file, 'utf8')).toBe(result);
  });
});

describe('a warm start', () => {
  test('begins with the genomes given, and with the front of a run', async () => {
    const first = await evolvePatches({ ...flat, runFolder });
    const startFrom = first.front.map(({ genome }) => genome);
    const second = await evolvePatches({ ...flat, seed: 'other', startFrom });
    const third = await evolvePatches({ ...flat, seed: 'other', startFrom: runFolder });
    expect(timeless(third)).toBe(timeless(second));
    const [generation] = second.history;
    expect(generation.front.some(({ hash }) => first.front.some((one) => one.hash === hash))).toBe(true);
  });

  test('keeps its genomes, so that the other run may go away', async () => {
    await evolvePatches({ ...flat, runFolder });
    const other = `${runFolder}-warm`;
    const whole = await evolvePatches({ ...flat, seed: 'other', startFrom: runFolder, runFolder: other });
    await rm(runFolder, { recursive: true });
    await rm(join(other, 'result.json'));
    expect(timeless(await resumeRun({ runFolder: other, dataset, workers: 0 }))).toBe(timeless(whole));
  });

  test('refuses genomes beyond the bounds, and runs without any within', async () => {
    const { front } = await evolvePatches({ ...flat, runFolder });
    const bounds = { ...flat.bounds, maximumParameters: 300 };
    const [{ genome }] = front;
    expect(() => evolvePatches({ ...flat, bounds, startFrom: [genome] })).toThrow(/parameters/);
    await expect(evolvePatches({ ...flat, bounds, startFrom: runFolder })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data: { option: 'startFrom' },
    });
  });
});

test('a run with parts of the user’s own is resumed with them, and with no others', async () => {
  const patchCount = {
    name: 'patch-count',
    reference: 20,
    measure: ({ genome }: { genome: { patches: readonly unknown[] } }) => genome.patches.length,
  };
  const objectives = ['loss', patchCount] as const;
  const whole = await evolvePatches({ ...flat, objectives, runFolder });
  await rm(join(runFolder, 'result.json'));
  const resume = (parts: object) => resumeRun({ runFolder, dataset, workers: 0, ...parts });
  for (const parts of [{}, { objectives: ['loss', 'parameters'] }, { objectives, sampler: 'aging' }]) {
    await expect(resume(parts)).rejects.toMatchObject({ code: 'INVALID_RUN' });
  }
  expect(timeless(await resume({ objectives }))).toBe(timeless(whole));
});
