import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { someFaces, trainedModel } from '../ensemble/models.ts';
import { evopatch, inProcess } from './program.ts';

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

test('weights come from the validation rows, and measuring on them gives a warning', async () => {
  const out = join(folder, 'weighed.safetensors');
  const data = ['--data', 'synthetic:210'];
  const made = await evopatch('ensemble', ...members(), ...data, '--method', 'confidence', '--out', out);
  expect(made).toMatchObject({ code: 0 });
  expect(made.stdout).toContain('3 of 3 models');
  expect(made.stdout).toContain('faces per second');
  const told = async (split: string) => {
    const { stdout } = await evopatch('evaluate', '--model', out, ...data, '--split', split, '--json');
    return JSON.parse(stdout).chosenByTheseFaces;
  };
  expect(await told('validation')).toBe(true);
  expect(await told('test')).toBeUndefined();
});

test('what needs labelled faces is refused without', async () => {
  const out = join(folder, 'none.safetensors');
  const refused = await evopatch('ensemble', ...members(), '--select', 'loss', '--out', out);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain('--select');
  expect(await evopatch('ensemble', '--out', out)).toMatchObject({ code: 2 });
});

test.each([
  ['--max-parameters', '--select', ['--data', 'synthetic:210']],
  ['--max-members', '--select', []],
  ['--epochs', '--run', []],
])('%s is refused without %s', async (option, needed, more) => {
  const out = ['--out', join(folder, 'none.safetensors')];
  const refused = await inProcess('ensemble', ...members(), option, '5', ...more, ...out);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain(option);
  expect(refused.stderr).toContain(`Give ${needed}`);
});

test('the front of a run becomes an ensemble', async () => {
  const run = join(folder, 'run');
  const out = join(folder, 'front.safetensors');
  const data = ['--data', 'synthetic:280'];
  const budget = ['--population', '4', '--generations', '1', '--fitness-epochs', '1', '--final-epochs', '2'];
  const small = ['--max-parameters', '9000', '--no-baseline', '--controls', 'none', '--workers', '1'];
  const evolved = await evopatch('evolve', ...data, '--out', run, ...budget, ...small);
  expect(evolved).toMatchObject({ code: 0 });
  const make = (...options: string[]) =>
    evopatch('ensemble', '--run', run, '--select', 'loss', '--out', out, '--json', ...options);
  const made = await make('--seeds', '2');
  expect(made).toMatchObject({ code: 0 });
  const report = JSON.parse(made.stdout);
  expect(report.models).toBeGreaterThanOrEqual(2);
  expect(report.members.length).toBeGreaterThanOrEqual(1);
  expect(report.facesPerSecond).toBeGreaterThan(0);
  const again = await make('--seeds', '2'); // trained before
  expect(JSON.parse(again.stdout)).toEqual({ ...report, facesPerSecond: expect.any(Number) });
  const wrong = await make('--data', 'synthetic:210');
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain('not that of the run');
}, 60_000);
