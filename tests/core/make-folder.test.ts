import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../../src/core/make-folder.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterAll(() => rm(root, { recursive: true }));

test('makes all missing folders, and nothing if none is missing', async () => {
  const folder = join(root, 'a', 'b', 'c');
  await makeFolder(folder);
  await makeFolder(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
});

test('two at once do not get in each other’s way', async () => {
  const folder = join(root, 'd', 'e');
  await Promise.all([makeFolder(folder), makeFolder(folder)]);
  expect((await stat(folder)).isDirectory()).toBe(true);
});

test.each([
  ['a file stands on the way', () => join(root, 'file', 'below')],
  ['the file itself', () => join(root, 'file')],
])('refuses where %s', async (_, path) => {
  await writeFile(join(root, 'file'), 'x');
  await expect(makeFolder(path())).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
});

test.runIf(process.platform === 'linux')(
  'a file system that takes no folders is an error, not a loop',
  async () => {
    await expect(makeFolder('/proc/evopatch')).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
      data: { file: '/proc/evopatch' },
    });
  },
);
