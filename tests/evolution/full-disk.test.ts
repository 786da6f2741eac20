import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { resumeRun } from '../../src/evolution/resume-run.ts';
import { timeless, tinyRun } from './running.ts';

const disk = mkdtempSync(join(tmpdir(), 'evopatch-disk-'));
const mount = (...options: string[]) => spawnSync('mount', [...options, disk]).status === 0;
/** A small disk of its own takes a superuser who may mount one. */
const hasDisk = process.platform === 'linux' && mount('-t', 'tmpfs', '-o', 'size=4m', 'tmpfs');

afterAll(() => {
  if (hasDisk) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

describe.runIf(hasDisk)('a run on a disk of its own', () => {
  const options = tinyRun;
  const { dataset } = tinyRun;
  let expected: string;
  beforeAll(async () => {
    expected = timeless(await evolvePatches({ ...options, runFolder: join(disk, 'unbroken') }));
    rmSync(join(disk, 'unbroken'), { recursive: true });
  });

  // Where the disk is full: in the history, a checkpoint, the weights, a model, the maps.
  test.each([20, 56, 100, 200, 400])('of %i kB that is full stops, and goes on with more', async (size) => {
    const runFolder = join(disk, `${size}`);
    expect(mount('-o', `remount,size=${size}k`)).toBe(true);
    await expect(evolvePatches({ ...options, runFolder })).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
    expect(await readdir(runFolder)).not.toContain('lock');
    await expect(resumeRun({ runFolder, dataset })).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
    expect(mount('-o', 'remount,size=4m')).toBe(true);
    expect(timeless(await resumeRun({ runFolder, dataset }))).toBe(expected);
    const written = await readFile(join(runFolder, 'result.json'), 'utf8');
    expect(timeless(JSON.parse(written))).toBe(expected);
    rmSync(runFolder, { recursive: true });
  });

  test('that is read-only is refused, and nothing is changed', async () => {
    const runFolder = join(disk, 'run');
    const stop = new AbortController();
    await evolvePatches({
      ...options,
      runFolder,
      signal: stop.signal,
      onEvent: ({ type }) => type === 'checkpoint' && stop.abort(),
    });
    const before = await readdir(runFolder);
    expect(mount('-o', 'remount,ro')).toBe(true);
    for (const run of [
      resumeRun({ runFolder, dataset }),
      evolvePatches({ ...options, runFolder: join(disk, 'new') }),
    ]) {
      await expect(run).rejects.toMatchObject({
        code: 'FILE_SYSTEM',
        message: expect.stringContaining('read-only file system'),
      });
    }
    expect(mount('-o', 'remount,rw')).toBe(true);
    expect(await readdir(runFolder)).toEqual(before);
    expect(timeless(await resumeRun({ runFolder, dataset }))).toBe(expected);
  });
});
