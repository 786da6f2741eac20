import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { someFaces, trainedModel } from '../ensemble/models.ts';
import { evopatch } from './program.ts';

let folder: string;
let teacher: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-distill-'));
  teacher = join(folder, 'teacher.safetensors');
  await saveModel(teacher, trainedModel(await openEngine(), await someFaces(), 'teacher'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const data = ['--data', 'synthetic:210', '--cache', 'none', '--network', 'microExpNet-p12-xxs'];

test('a grid is searched, in this thread or another', async () => {
  const grid = ['--temperatures', '2,8', '--mixings', '0.5', '--epochs', '1'];
  const search = (workers: string) =>
    evopatch('distill', '--teacher', teacher, ...data, ...grid, '--workers', workers, '--json');
  const [here, there] = [await search('0'), await search('1')];
  expect(here).toMatchObject({ code: 0 });
  const { cells, alone } = JSON.parse(here.stdout);
  expect(cells).toHaveLength(2);
  expect(alone.mixing).toBe(0);
  expect(there.stdout).toBe(here.stdout);
}, 30_000);

test('impossible grids and options of a teacher without one are refused', async () => {
  const refused = await evopatch('distill', '--teacher', teacher, ...data, '--mixings', '0.5,,1');
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain('--mixings');
  const lonely = await evopatch('train', ...data, '--out', join(folder, 'out'), '--temperature', '4');
  expect(lonely).toMatchObject({ code: 2 });
  expect(lonely.stderr).toContain('--teacher');
});
