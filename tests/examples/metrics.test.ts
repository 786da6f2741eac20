import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const EXAMPLE = fileURLToPath(new URL('../../dist/examples/metrics.js', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the metrics example writes a line for each evaluation and generation', async () => {
  const file = join(folder, 'metrics.jsonl');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [EXAMPLE, file]);
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
  const lines = (await readFile(file, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(new Set(lines.map(({ run }) => run)).size).toBe(1);

  const evaluations = lines.filter(({ type }) => type === 'evaluation');
  expect(evaluations.map(({ step }) => step)).toEqual(evaluations.map((_, index) => index + 1));
  const purposes = evaluations.map(({ purpose }) => purpose);
  expect(purposes).toEqual(expect.arrayContaining(['fitness', 'final', 'control']));

  const generations = lines.filter(({ type }) => type === 'generation');
  expect(generations.map(({ index }) => index)).toEqual([0, 1, 2]);
  const fitness = evaluations.filter(({ purpose }) => purpose === 'fitness');
  expect(generations.reduce((sum, one) => sum + one.evaluations, 0)).toBe(fitness.length);
  expect(generations[2].step).toBe(fitness.length);
  for (const { hypervolume, loss, accuracy, members, time } of generations) {
    expect(hypervolume).toBeGreaterThan(0);
    expect(loss).toBeGreaterThan(0);
    expect(accuracy).toBeGreaterThan(0);
    expect(members).toBeGreaterThan(0);
    expect(new Date(time).toISOString()).toBe(time);
  }
});
