import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { someFaces, trainedModel } from '../ensemble/models.ts';
import { evopatch } from './program.ts';

let folder: string;
let files: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-ensemble-'));
  const engine = await openEngine();
  const dataset = await someFaces();
  files = ['a', 'b', 'c'].map((name) => join(folder, `${name}.safetensors`));
  for (const file of files) await saveModel(file, trainedModel(engine, dataset, file, 2));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const members = () => files.flatMap((file) => ['--model', file]);

test('models put together are evaluated as one', async () => {
  const out = join(folder, 'together.safetensors');
  const made = await evopatch('ensemble', ...members(), '--out', out, '--json');
  expect(made).toMatchObject({ code: 0 });
  const { members: described, parameters } = JSON.parse(made.stdout);
  expect(described).toHaveLength(3);
  const evaluated = await evopatch('evaluate', '--model', out, '--data', 'synthetic:210', '--json');
  expect(evaluated).toMatchObject({ code: 0 });
  expect(JSON.parse(evaluated.stdout)).toMatchObject({ parameters, split: 'test' });
  const refused = await evopatch('regions', '--model', out, '--data', 'synthetic:210');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('not an ensemble');
});
