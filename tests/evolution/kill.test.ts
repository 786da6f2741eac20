import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import type { EvolveOptions } from '../../src/options/evolve-options.ts';

const CHILD = fileURLToPath(new URL('./run-child.js', import.meta.url));
const KILLS = 20;

const options: Omit<EvolveOptions, 'dataset'> = {
  population: 6,
  generations: 3, // the last one with repeats
  seed: 'killed',
  finalists: 2,
  prefer: 'accurate',
  repeats: 2,
  fitness: { epochs: 9, batchSize: 16 }, // enough for three rungs
  final: { epochs: 1, batchSize: 16 },
  bounds: { maximumFilters: 8, maximumSide: 16 },
  baseline: false,
};
const complete = { ...options, generations: 4, baseline: true, controls: 'all' };

interface Crash {
  readonly call: 'open' | 'writeFile' | 'rename';
  readonly name: string;
  readonly count: number;
  readonly moment: 'before' | 'middle' | 'after';
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A process that begins or resumes a run. */
function startRun(plan: object): { child: ChildProcess; started: Promise<unknown>; ended: Promise<unknown> } {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(process.stderr); // seen by the guard against tests that print
  const ended = once(child, 'exit').then(([code, signal]) => signal ?? code);
  const started = once(child.stdout as NodeJS.ReadableStream, 'data');
  return { child, started, ended };
}

async function unbroken(options: object): Promise<string> {
  const runFolder = await mkdtemp(join(folder, 'unbroken '));
  expect(await startRun({ runFolder, options }).ended).toBe(0);
  return await resultOf(runFolder);
}

/** The bytes of a result, but for its times. */
async function resultOf(runFolder: string): Promise<string> {
  const text = await readFile(join(runFolder, 'result.json'), 'utf8');
  expect(text).toContain('"status": "complete"');
  return text.replace(/"timing": \{[^}]*\}/, '');
}

describe('a run whose processes are killed', () => {
  test(`at ${KILLS} random moments ends in the bytes of an unbroken one, with any number of workers`, async () => {
    const expected = await unbroken(complete);
    const random = randomStream('moments');
    let kills = 0;
    for (let run = 0; kills < KILLS; run++) {
      const runFolder = join(folder, `killed ${run}`);
      for (let resume = false; ; ) {
        const workers = random.integer(0, 2);
        const { child, started, ended } = startRun({ runFolder, options: complete, workers, resume });
        await Promise.race([started, ended]);
        const last = kills === KILLS;
        const killed = last ? undefined : delay(random.integer(0, 1200)).then(() => child.kill('SIGKILL'));
        const end = await ended;
        await killed;
        if (end === 'SIGKILL') kills++;
        else expect(end).toBe(0);
        if (end === 0) break;
        resume = await readFile(join(runFolder, 'run.json')).then(
          () => true,
          () => false,
        );
      }
      expect(await resultOf(runFolder)).toBe(expected);
    }
  }, 300_000);

  let expected: string;
  beforeAll(async () => {
    expected = await unbroken(options);
  });
  const name = '.checkpoint.json.';
  test.each<Crash>([
    { call: 'open', name, count: 2, moment: 'after' },
    { call: 'writeFile', name, count: 2, moment: 'middle' },
    { call: 'writeFile', name, count: 2, moment: 'after' },
    { call: 'rename', name: '/checkpoint.json', count: 2, moment: 'before' },
    { call: 'rename', name: '/checkpoint.json', count: 2, moment: 'after' },
    { call: 'rename', name, count: 2, moment: 'after' },
    { call: 'rename', name: 'run.json', count: 1, moment: 'after' },
    { call: 'writeFile', name: '.safetensors', count: 1, moment: 'middle' },
    { call: 'rename', name: '.result.json', count: 1, moment: 'before' },
  ])('inside $call, $moment, number $count of $name: goes on', async (crash) => {
    const runFolder = await mkdtemp(join(folder, 'crashed '));
    expect(await startRun({ runFolder, options, crash }).ended).toBe('SIGKILL');
    expect(await startRun({ runFolder, workers: 1, resume: true }).ended).toBe(0);
    expect(await resultOf(runFolder)).toBe(expected);
  });
});
