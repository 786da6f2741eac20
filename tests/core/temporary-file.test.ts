import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findLeftovers, isTemporaryName, sweepInside, temporaryName } from '../../src/core/temporary-file.ts';

const CHILD = fileURLToPath(new URL('./temporary-child.js', import.meta.url));

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-temporary-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** A process that has begun to write a file. */
async function writer(file: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

test('what a killed process left is removed, what a process still writes is not', async () => {
  await mkdir(join(folder, 'inner'));
  const killed = await writer(join(folder, 'inner', 'killed'));
  await writer(join(folder, 'inner', 'alive'));
  await writeFile(temporaryName(join(folder, 'own')), '');
  killed.kill('SIGKILL');
  await once(killed, 'close');
  expect(await findLeftovers(folder)).toEqual([]); // not in the folder itself
  expect(await findLeftovers(folder, { recursive: true })).toMatchObject([
    { file: expect.stringContaining('.killed.'), bytes: 'half'.length },
  ]);
  await sweepInside(folder, { recursive: true });
  const left = await readdir(folder, { recursive: true });
  expect(left.map((name) => basename(name).split('.')[1] ?? name).sort()).toEqual(['alive', 'inner', 'own']);
});

test('a file of another machine is removed once nobody has touched it for an hour', async () => {
  const file = join(folder, '.name.00000001012345670000000089abcdef');
  await writeFile(file, '');
  await sweepInside(folder);
  expect(await readdir(folder)).toHaveLength(1);
  const silent = new Date(Date.now() - 61 * 60_000);
  await utimes(file, silent, silent);
  await sweepInside(folder);
  expect(await readdir(folder)).toEqual([]);
});

test('files of other names, and folders, are never touched', async () => {
  const names = [
    '.bashrc',
    'result.json',
    '.name.0123456789ab',
    'name.00000001012345670000000089abcdef',
    '.x.1',
  ];
  for (const name of names) await writeFile(join(folder, name), '');
  await mkdir(join(folder, '.folder.00000001012345670000000089abcdef'));
  const long = new Date(0);
  for (const name of await readdir(folder)) await utimes(join(folder, name), long, long);
  await sweepInside(folder, { recursive: true });
  expect(await readdir(folder)).toHaveLength(names.length + 1);
  await sweepInside(join(folder, 'missing'));
});

test('a temporary name is one, differs each time, and fits where the name itself fits', async () => {
  for (const name of ['a', 'ä'.repeat(120), '😀'.repeat(60), 'x'.repeat(255)]) {
    const [one, other] = [temporaryName(join(folder, name)), temporaryName(join(folder, name))];
    expect(isTemporaryName(basename(one))).toBe(true);
    expect(one).not.toBe(other);
    await writeFile(one, '');
  }
});
