import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

test.runIf(process.platform !== 'win32')('a reader that has seen enough ends it quietly', async () => {
  const line = `"${process.execPath}" "${MAIN}" evolve --help | head -1`;
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', line]);
  expect(stdout).toMatch(/^Usage: evopatch evolve .*\n$/);
  expect(stderr).toBe('');
});
