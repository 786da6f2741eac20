import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryName } from '../../src/core/temporary-file.ts';
import { inProcess } from './program.ts';

const HASH = '0123456789abcdef'.repeat(4);
const LEFTOVER = `.x.${'0'.repeat(32)}`; // of another machine, long ago
const DAY = 24 * 60 * 60_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-cache-'));
  await write(`frames/${HASH}.bin`, 3_000_000, 40);
  await write(`landmarks/01/${HASH}.bin`, 2_000_000, 20);
  await write(`teachers/${HASH}.safetensors`, 1_000_000, 1);
  await write(`01/${HASH}.json`, 100, 1);
  await write(`frames/${LEFTOVER}`, 5_000_000, 2);
  for (const name of FOREIGN) await write(name, 10, 400);
  await writeFile(temporaryName(join(folder, 'frames', 'written now')), '');
});
afterEach(() => rm(folder, { recursive: true }));

const FOREIGN = ['notes.txt', 'frames/mine.bin', `landmarks/${HASH}.bin`, 'frames/01/x.json'];

async function write(name: string, bytes: number, days: number): Promise<void> {
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, new Uint8Array(bytes));
  const time = new Date(Date.now() - days * DAY);
  await utimes(file, time, time);
}

async function cache(...args: string[]) {
  const { code, stdout } = await inProcess('cache', '--cache', folder, '--json', ...args);
  expect(code).toBe(0);
  const { kinds, removed } = JSON.parse(stdout);
  const namesOf = (shares: { kind: string }[] | undefined) => shares?.map(({ kind }) => kind);
  return { kinds: namesOf(kinds), removed: namesOf(removed), shares: kinds };
}

test('shows the kinds of files with their sizes and the oldest', async () => {
  const { kinds, removed, shares } = await cache();
  expect(kinds).toEqual(['evaluations', 'frames', 'landmarks', 'leftovers', 'teachers']);
  expect(removed).toBeUndefined();
  expect(shares[1]).toMatchObject({ files: 1, bytes: 3_000_000 });
  expect(Date.now() - Date.parse(shares[1].oldest)).toBeGreaterThan(39 * DAY);
  const { stdout } = await inProcess('cache', '--cache', folder);
  expect(stdout).toMatch(/^frames +1 +2\.9 MB +\d{4}-\d\d-\d\d$/m);
  expect((await inProcess('cache', '--cache', join(folder, 'none'))).stdout).toContain('The cache is empty.');
});

test.each([
  [[], ['leftovers']],
  [
    ['--older-than', '30'],
    ['frames', 'leftovers'],
  ],
  [
    ['--max-size', '2'],
    ['frames', 'landmarks', 'leftovers'],
  ],
  [
    ['--older-than', '0'],
    ['evaluations', 'frames', 'landmarks', 'leftovers', 'teachers'],
  ],
])('prunes with %j what is beyond the limits, and nothing of others', async (limits, expected) => {
  const { removed, kinds } = await cache('--prune', ...limits);
  expect(removed).toEqual(expected);
  const all = ['evaluations', 'frames', 'landmarks', 'leftovers', 'teachers'];
  expect(kinds).toEqual(all.filter((kind) => !expected.includes(kind)));
  const left = await readdir(folder, { recursive: true });
  expect(left).toEqual(expect.arrayContaining(FOREIGN));
  expect(left.filter((name) => name.includes('written now'))).toHaveLength(1);
});

test('limits need --prune', async () => {
  const { code, stderr } = await inProcess('cache', '--cache', folder, '--older-than', '3');
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("'--older-than'") });
});
