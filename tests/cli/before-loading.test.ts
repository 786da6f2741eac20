import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/run.ts';
import { temporaryName } from '../../src/core/temporary-file.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { trainModel } from '../../src/training/train-model.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';
import { someModel } from '../prediction/models.ts';
import { inProcess } from './program.ts';

/** Nothing is there, so whatever is said of something else was found out before it was loaded. */
const NOWHERE = '/nowhere/faces.csv';

const WITH_ENGINE = COMMANDS.filter(({ options }) => 'engine' in options);

/** The options that a command needs, and the inputs that it has, all of which are missing. */
function missingInputs({ options, operand }: (typeof COMMANDS)[number]): string[] {
  const operands = operand === undefined ? [] : [operand.choices?.[0] ?? NOWHERE];
  const needed = Object.entries(options).flatMap(([name, spec]) => {
    if (spec.kind !== 'text' || !spec.required) return [];
    if (name === 'queue') return ['--queue', 'redis://127.0.0.1:1']; // nobody listens there
    const path = spec.output === undefined ? NOWHERE : join(temporaryFolder(), 'x');
    const ending = spec.output && 'forms' in spec.output ? `.${spec.output.forms[0].endings[0]}` : '';
    return [`--${name}`, spec.choices?.[0] ?? path + ending];
  });
  return [...operands, ...needed];
}

describe('an engine that is none', () => {
  const before = process.env.EVOPATCH_ENGINE;
  afterEach(() => {
    if (before === undefined) delete process.env.EVOPATCH_ENGINE;
    else process.env.EVOPATCH_ENGINE = before;
  });

  test.each(WITH_ENGINE.map((command) => [command.name, command] as const))(
    'is refused by %s',
    async (name, command) => {
      const { code, stderr } = await inProcess(name, ...missingInputs(command), '--engine', 'gpu');
      expect(stderr).toMatch(/^evopatch: '--engine': there is no such engine \(given: gpu\)\n/);
      expect(code).toBe(2);
      process.env.EVOPATCH_ENGINE = 'cuda';
      const { stderr: told } = await inProcess(name, ...missingInputs(command));
      expect(told).toMatch(/^evopatch: 'EVOPATCH_ENGINE': there is no such engine \(given: cuda\)\n/);
    },
  );

  test('is refused by the library, too, which leaves no folder', async () => {
    const folder = join(temporaryFolder(), 'run');
    const dataset = tinyFaces({ train: 64, validation: 32 });
    const refusal = { code: 'INVALID_OPTION', data: expect.objectContaining({ option: 'engine' }) };
    expect(() => evolvePatches({ dataset, engine: 'gpu', runFolder: folder })).toThrow(
      expect.objectContaining(refusal),
    );
    const trained = trainModel({ dataset, network: 'tinyXception', engine: 'gpu', folder });
    await expect(trained).rejects.toMatchObject(refusal);
    expect(existsSync(folder)).toBe(false);
  });
});

test('a teacher that is none is refused before the data', async () => {
  const folder = temporaryFolder();
  const teacher = join(folder, 'teacher.safetensors');
  writeFileSync(teacher, 'notes');
  const more = ['--data', NOWHERE, '--teacher', teacher];
  const out = ['--out', join(folder, 'out')];
  for (const args of [
    ['train', '--network', 'tinyXception', ...more, ...out],
    ['distill', '--network', 'tinyXception', ...more],
    ['evolve', ...more, ...out],
  ]) {
    expect((await inProcess(...args)).stderr).toContain('teacher.safetensors');
  }
});

test('what a model does not have is refused before the data', async () => {
  const model = join(temporaryFolder(), 'model.safetensors');
  const { network, classes, frame } = await someModel();
  await saveModel(model, { network, classes, frame, info: {} });
  const ask = async (...args: string[]) =>
    (await inProcess(...args, '--model', model, '--data', NOWHERE)).stderr;
  expect(await ask('saliency', '--class', 'bored')).toContain("'--class': there is no such class");
  expect(await ask('saliency', '--method', 'grad-cam', '--layer', 'none')).toContain("layer 'none'");
  expect(await ask('regions', '--map', 'patches')).toContain('no patches to hide');
});

test('options of a search, and an occupied folder, are refused before the data', async () => {
  const out = join(temporaryFolder(), 'run');
  const options = ['--data', NOWHERE, '--out', out, '--population', '4'];
  expect((await inProcess('evolve', ...options)).stderr).toContain(NOWHERE);
  mkdirSync(out);
  writeFileSync(join(out, 'notes.txt'), 'mine');
  expect((await inProcess('evolve', ...options)).stderr).toContain('not empty');
});

test('what a killed command left beside an output is swept when it is written again', async () => {
  const folder = temporaryFolder();
  const out = join(folder, 'points.csv');
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  const dead = basename(temporaryName(out)).replace(
    process.pid.toString(16).padStart(8, '0'),
    pid.toString(16).padStart(8, '0'),
  );
  writeFileSync(join(folder, dead), 'half');
  writeFileSync(join(folder, '.points.csv.mine'), 'mine');
  await inProcess('landmarks', '--data', NOWHERE, '--out', out);
  expect([existsSync(join(folder, dead)), existsSync(join(folder, '.points.csv.mine'))]).toEqual([
    false,
    true,
  ]);
});
