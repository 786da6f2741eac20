import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Command, OptionSpec } from '../../../src/cli/command.ts';
import type { OutputSpec } from '../../../src/cli/outputs/output-forms.ts';
import { COMMANDS } from '../../../src/cli/run.ts';
import { temporaryFolder } from '../../data/temporary-folder.ts';
import { inProcess } from '../program.ts';
import { OWN_FILES } from './own-outputs.ts';

type TextSpec = OptionSpec & { kind: 'text' };
interface Output {
  readonly command: Command;
  readonly option: string;
  readonly spec: OutputSpec;
}

/** Every output of every command, from the tables of their options. */
const OUTPUTS: readonly Output[] = COMMANDS.flatMap((command) =>
  Object.entries(command.options).flatMap(([name, spec]) =>
    spec.kind === 'text' && spec.output ? [{ command, option: `--${name}`, spec: spec.output }] : [],
  ),
);
const named = (outputs: readonly Output[]) =>
  outputs.map((output) => [`${output.command.name} ${output.option}`, output] as const);
const FILES = OUTPUTS.flatMap(({ spec, ...output }) =>
  spec.kind === 'file' || spec.kind === 'pictures'
    ? spec.forms.map(({ endings: [ending] }) => ({ ...output, spec, ending }))
    : [],
).map((output) => [`${output.command.name} ${output.option} x.${output.ending}`, output] as const);
const FOLDERS = named(OUTPUTS.filter(({ spec }) => spec.kind === 'folder'));
const SHARED = named(OUTPUTS.filter(({ spec }) => spec.kind === 'shared folder'));
const DRAWING_FOLDERS = named(OUTPUTS.filter(({ spec }) => spec.kind === 'pictures'));

/** What the rule on outputs says, whatever else may be wrong. */
const REFUSALS =
  /this file exists|not a folder|not a file|replace an input|add to the pictures|format that can be written|not empty|holds (other files|')|nothing can be written|device or a pipe|this folder contains an input/;

const NOTES = 'notes of mine, a week of work\n';

/** What is read; some formats are for animations alone. */
function contentFor(ending: string | undefined): string {
  return ending === 'gif' || ending === 'apng' ? `GIF89a${NOTES}` : NOTES;
}

/** A folder with a file and a folder of pictures to read. */
function world(ending?: string) {
  const folder = temporaryFolder();
  const input = join(folder, 'input');
  writeFileSync(input, contentFor(ending));
  const photos = join(folder, 'photos');
  mkdirSync(photos);
  writeFileSync(join(photos, 'face.png'), NOTES);
  return { folder, input, photos };
}

/** Asks a command for an output; every input that it takes is `input`, and every other output is new. */
async function ask(
  { command, option }: Pick<Output, 'command' | 'option'>,
  path: string,
  input: string,
  ...more: string[]
) {
  const other = join(dirname(input), 'other');
  const options = Object.entries(command.options).flatMap(([name, spec]) => {
    if (`--${name}` === option || spec.kind !== 'text' || !(spec.input || spec.required)) return [];
    if (spec.output === undefined) return [`--${name}`, spec.choices?.[0] ?? input];
    return [`--${name}`, 'forms' in spec.output ? `${other}.${spec.output.forms[0].endings[0]}` : other];
  });
  const operands = command.operand?.input ? [input] : (command.operand?.choices?.slice(0, 1) ?? []);
  const answer = await inProcess(command.name, ...operands, ...options, option, path, ...more);
  return { ...answer, refused: REFUSALS.test(answer.stderr) };
}

async function expectRefused(asked: ReturnType<typeof ask>, option: string) {
  const { code, stdout, stderr, refused } = await asked;
  expect({ stdout, refused, stderr }).toMatchObject({ stdout: '', refused: true });
  expect([1, 2]).toContain(code);
  expect(stderr).toContain(option);
  expect(stderr).not.toMatch(/bug in evopatch|ENO|EEXIST|EISDIR/);
  expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
}

test('every command with an output has --force, and its help says what is replaced', async () => {
  for (const { command, option, spec } of OUTPUTS) {
    if (spec.kind === 'shared folder') continue;
    const { stdout } = await inProcess(command.name, '--help');
    expect(stdout).toContain('--force');
    const description = (command.options[option.slice(2)] as TextSpec).description;
    expect(description, `${command.name} ${option}`).toMatch(/replaces|new or|new, or/i);
  }
});

describe.each(FILES)('%s', (_name, output) => {
  const { command, option, ending } = output;
  const write = OWN_FILES[`${command.name} ${ending}`];

  test('is written where there is nothing, or an empty file', async () => {
    const { folder, input } = world(ending);
    expect((await ask(output, join(folder, 'new', `x.${ending}`), input)).refused).toBe(false);
    const empty = join(folder, `empty.${ending}`);
    writeFileSync(empty, '');
    expect((await ask(output, empty, input)).refused).toBe(false);
  });

  test('replaces what the command wrote', async () => {
    const { folder, input } = world(ending);
    const file = join(folder, `x.${ending}`);
    expect(write, 'a new form needs a sample in own-outputs.ts').toBeDefined();
    await write(file);
    expect(await ask(output, file, input)).toMatchObject({ refused: false });
  });

  test('replaces nothing else without --force', async () => {
    const { folder, input } = world(ending);
    const file = join(folder, `x.${ending}`);
    for (const content of [
      NOTES,
      await picture(),
      '1,2\n3,4\n5,6\n',
      '{"format":2}',
      '<svg/>',
      '<!doctype html>',
    ]) {
      writeFileSync(file, content);
      await expectRefused(ask(output, file, input), option);
      expect(readFileSync(file).equals(Buffer.from(content))).toBe(true);
    }
    expect((await ask(output, file, input, '--force')).refused).toBe(false);
  });

  test('is never an input, by whatever name', async () => {
    const { folder } = world(ending);
    const input = join(folder, `input.${ending}`);
    writeFileSync(input, contentFor(ending));
    const before = readFileSync(input);
    const [link, hard] = [join(folder, `link.${ending}`), join(folder, `hard.${ending}`)];
    symlinkSync(input, link);
    linkSync(input, hard);
    mkdirSync(join(folder, 'sub'));
    for (const path of [input, link, hard, join(folder, 'sub', '..', `input.${ending}`)]) {
      for (const force of [[], ['--force']]) await expectRefused(ask(output, path, input, ...force), option);
    }
    expect(readFileSync(input).equals(before)).toBe(true);
  });

  test('has a name that says its format', async () => {
    const { folder, input } = world(ending);
    for (const name of ['x', 'x.txt', `x.${ending}.bak`, '.']) {
      await expectRefused(ask(output, join(folder, name), input, '--force'), option);
    }
    expect(readdirSync(folder).sort()).toEqual(['input', 'photos']);
  });

  test('is no folder, no device, and lies below no file', async () => {
    const { folder, input } = world(ending);
    const occupied = join(folder, `folder.${ending}`);
    mkdirSync(occupied);
    const below = join(input, `x.${ending}`);
    for (const path of [occupied, `${join(folder, 'new')}/`, below, join(below, `y.${ending}`)]) {
      await expectRefused(ask(output, path, input, '--force'), option);
    }
    if (process.platform === 'linux') {
      for (const path of [`/proc/self/x.${ending}`, '/dev/stdout', '/dev/zero']) {
        await expectRefused(ask(output, path, input, '--force'), option);
      }
    }
  });
});

describe.each(FOLDERS)('%s', (_name, output) => {
  const { option } = output;

  test('is a folder that is new or empty', async () => {
    const { folder, input } = world();
    expect((await ask(output, join(folder, 'a', 'new'), input)).refused).toBe(false);
    mkdirSync(join(folder, 'empty'));
    expect((await ask(output, join(folder, 'empty'), input)).refused).toBe(false);
    await expectRefused(ask(output, input, input), option);
    await expectRefused(ask(output, join(input, 'x'), input), option);
  });

  test('holds other files with --force alone, and never those that are in the way', async () => {
    const { folder, input } = world();
    const occupied = join(folder, 'occupied');
    mkdirSync(occupied);
    writeFileSync(join(occupied, 'notes.txt'), NOTES);
    await expectRefused(ask(output, occupied, input), 'occupied');
    expect((await ask(output, occupied, input, '--force')).refused).toBe(false);
    for (const name of ['run.json', 'models', 'model.json', 'model.safetensors', 'checkpoint.safetensors']) {
      writeFileSync(join(occupied, name), NOTES);
    }
    await expectRefused(ask(output, occupied, input, '--force'), 'occupied');
    for (const name of readdirSync(occupied)) expect(readFileSync(join(occupied, name), 'utf8')).toBe(NOTES);
  });
});

describe.each(SHARED)('%s', (_name, output) => {
  test('is a folder, and not that of the data', async () => {
    const { folder, input, photos } = world();
    expect((await ask(output, join(folder, 'new'), input)).refused).toBe(false);
    expect((await ask(output, 'none', input)).refused).toBe(false);
    writeFileSync(join(folder, 'file'), NOTES);
    await expectRefused(ask(output, join(folder, 'file'), input), output.option);
    if (!('data' in output.command.options)) return;
    await expectRefused(ask(output, join(photos, 'below'), photos), output.option);
    expect(readdirSync(photos)).toEqual(['face.png']);
  });
});

describe.each(DRAWING_FOLDERS)('%s of several photos', (_name, output) => {
  const { option } = output;

  test('is a folder of drawings, and not that of the photos', async () => {
    const { folder, photos } = world();
    const drawings = join(folder, 'drawings');
    mkdirSync(drawings);
    await OWN_FILES[`${output.command.name} png`](join(drawings, 'a.png'));
    expect(await ask(output, drawings, photos)).toMatchObject({ refused: false });
    writeFileSync(join(drawings, 'mine.png'), await picture());
    await expectRefused(ask(output, drawings, photos), option);
    expect((await ask(output, drawings, photos, '--force')).refused).toBe(false);
    for (const path of [photos, join(photos, 'drawn')]) {
      await expectRefused(ask(output, path, photos, '--force'), option);
    }
  });
});

test('no picture joins those of the data, but a text may', async () => {
  const { photos } = world();
  for (const [, output] of FILES) {
    if (!('data' in output.command.options) || output.spec.kind !== 'file') continue;
    const { refused, stderr } = await ask(output, join(photos, `x.${output.ending}`), photos, '--force');
    expect(refused, `${output.command.name}: ${stderr}`).toBe(/png|gif|jpg|webp/.test(output.ending));
  }
});

test('/dev/null takes what has one format, and stays what it is', async () => {
  if (process.platform !== 'linux') return;
  const { input } = world();
  for (const [, output] of named(
    OUTPUTS.filter(({ spec }) => spec.kind === 'file' && spec.forms.length === 1),
  )) {
    expect((await ask(output, '/dev/null', input)).refused).toBe(false);
  }
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('a link keeps pointing to the file that is written', async () => {
  const { folder, input } = world();
  const link = join(folder, 'link.csv');
  symlinkSync(join(folder, 'far', 'points.csv'), link);
  mkdirSync(join(folder, 'far'));
  writeFileSync(join(folder, 'far', 'points.csv'), NOTES);
  const landmarks = OUTPUTS.find(({ command }) => command.name === 'landmarks') as Output;
  await expectRefused(ask(landmarks, link, input), '--out');
  expect(existsSync(link)).toBe(true);
});

/** A picture that somebody else made. */
async function picture(): Promise<Buffer> {
  const create = { width: 4, height: 4, channels: 3, background: '#123' } as const;
  return await sharp({ create }).png().toBuffer();
}
