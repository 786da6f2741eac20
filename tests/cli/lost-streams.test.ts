import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../../src/cli/run.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { someModel } from '../prediction/models.ts';
import { start } from './program.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-streams-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A run of some seconds. */
const runArgs = (out: string) => [
  ...['evolve', '--data', 'synthetic:210', '--cache', 'none', '--population', '4', '--generations', '2'],
  ...['--fitness-epochs', '1', '--final-epochs', '1', '--no-baseline', '--workers', '1', '--out', out],
];

const statusOf = async (out: string) => JSON.parse(await readFile(join(out, 'result.json'), 'utf8')).status;

describe('a run continues to its end', () => {
  test('when the reader of its progress goes', async () => {
    const out = join(folder, 'run');
    const { child, ended } = start(runArgs(out));
    await once(child.stderr as NodeJS.ReadableStream, 'data');
    child.stderr?.destroy();
    expect((await ended).code).toBe(0);
    expect(await statusOf(out)).toBe('complete');
  });

  test('when its terminal is closed', async () => {
    const out = join(folder, 'run');
    const { child, said, ended } = start(runArgs(out));
    await said('networks to train');
    child.kill('SIGHUP');
    expect((await ended).code).toBe(0);
    expect(await statusOf(out)).toBe('complete');
  });

  test('when nobody reads its answer, and ends with 1 and without a word', async () => {
    const out = join(folder, 'run');
    const { child, ended } = start(runArgs(out));
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/EPIPE|standard output|^\s+at /m);
    expect(await statusOf(out)).toBe('complete');
  });

  test.runIf(existsSync('/dev/full'))('when the disk with its log is full', async () => {
    const out = join(folder, 'run');
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [MAIN, ...runArgs(out)], { stdio: ['ignore', full, full] });
    const [code] = await once(child, 'close');
    expect(code).toBe(1); // the answer is lost
    expect(await statusOf(out)).toBe('complete');
  });
});

test.runIf(existsSync('/dev/full'))('an answer that cannot be written is told of', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [MAIN, '--version'], { stdio: ['ignore', full, 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(stderr).toBe(
    'evopatch: standard output: cannot write the answer: no space left on device\n' +
      'Make room on the disk, or choose another one\n',
  );
});

describe('fitness --jsonl', () => {
  const args = [
    'fitness',
    '--data',
    'synthetic:140',
    '--fitness-epochs',
    '1',
    '--max-patches',
    '2',
    '--jsonl',
  ];
  const question = `${JSON.stringify({ id: 1, genes: new Array(26).fill(0.3) })}\n`;

  test('ends without a word when its reader has seen enough, though questions could follow', async () => {
    const { child, ended } = start([...args, '--workers', '1']);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.stdout?.destroy();
    child.stdin?.on('error', () => undefined).write(question); // its answer finds no reader
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/evopatch:|EPIPE|bug/);
  });

  test('ends by a signal with what it is, whatever is being trained', async () => {
    const { child, ended } = start([...args, '--workers', '1', '--fitness-epochs', '500']);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.stdin?.write(question);
    await setTimeout(500);
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code === 130 || child.signalCode === 'SIGTERM').toBe(true);
    expect(stderr).not.toContain('bug');
  });
});

test('a command that leaves files goes on without a reader, and one that only prints does not', async () => {
  const faces = join(folder, 'faces.csv');
  await writeFile(faces, `pixels\n${`${new Array(48 * 48).fill(7).join(' ')}\n`.repeat(40)}`);
  const model = join(folder, 'model.safetensors');
  await saveModel(model, await someModel());
  const printed = async (...more: string[]) => {
    const unread = new AbortController();
    let lines = 0;
    const code = await runCommandLine(['predict', faces, '--model', model, ...more], {
      signal: new AbortController().signal,
      unread: unread.signal,
      print: () => {
        lines++;
        unread.abort();
      },
      progress: { write: () => undefined },
    });
    return { code, lines };
  };
  const out = join(folder, 'out.csv');
  expect(await printed('--csv', out)).toMatchObject({ code: 0 });
  expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(41);
  const { code, lines } = await printed();
  expect(code).toBe(1);
  expect(lines).toBeLessThan(40);
});

test.runIf(process.platform !== 'win32')('a reader that has seen enough ends it quietly', async () => {
  const line = `"${process.execPath}" "${MAIN}" evolve --help | head -1`;
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', line]);
  expect(stdout).toMatch(/^Usage: evopatch evolve .*\n$/);
  expect(stderr).toBe('');
});
