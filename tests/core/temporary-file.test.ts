import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { isTemporaryName, sweepBeside, sweepInside, temporaryName } from '../../src/core/temporary-file.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const MODULE = pathToFileURL(join(import.meta.dirname, '../../dist/core/temporary-file.js')).href;

/** Writes a file under a process's own temporary name beside `file`. */
const SCRIPT = (file: string, then: string) => `
  import { writeFileSync } from 'node:fs';
  const { temporaryName } = await import(${JSON.stringify(MODULE)});
  writeFileSync(temporaryName(${JSON.stringify(file)}), 'half');
  ${then}`;

function deadWriter(file: string) {
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT(file, '')]).status).toBe(0);
}

async function liveWriter(file: string) {
  const then = "console.log('written'); setInterval(() => {}, 1000)";
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT(file, then)]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child.stdout, 'data');
  return child;
}

test('leftovers of dead writers are removed, those of live ones and other files stay', async () => {
  const folder = temporaryFolder();
  const [file, other] = [join(folder, 'points.csv'), join(folder, 'other.csv')];
  const child = await liveWriter(file);
  const live = readdirSync(folder);
  expect(live.every(isTemporaryName)).toBe(true);
  deadWriter(file);
  deadWriter(file);
  deadWriter(other);
  const mine = ['.points.csv.0123456789ab', '.points.csv.swp', 'points.csv', '.points.csv'];
  for (const name of mine) writeFileSync(join(folder, name), 'mine');
  const own = temporaryName(file);
  writeFileSync(own, 'half');
  expect(readdirSync(folder)).toHaveLength(9);

  await sweepBeside(file);
  const left = readdirSync(folder);
  for (const name of [...mine, ...live, basename(own)]) expect(left).toContain(name);
  expect(left).toHaveLength(7); // with that of the other file
  await sweepInside(folder);
  expect(readdirSync(folder).sort()).toEqual([...mine, ...live, basename(own)].sort());

  child.kill('SIGKILL');
  await once(child, 'close');
  await sweepBeside(file);
  expect(readdirSync(folder).sort()).toEqual([...mine, basename(own)].sort());
});

test('a process id of another machine, or one reused by another process, is recognised', async () => {
  const folder = temporaryFolder();
  const [, pid, machine, start] = /\.(.{8})(.{8})(.{8}).{8}$/.exec(temporaryName('/a')) as RegExpExecArray;
  const other = 'ffffffff';
  const names = { reused: `${pid}${machine}${other}`, elsewhere: `${pid}${other}${start}` };
  for (const writer of Object.values(names)) writeFileSync(join(folder, `.a.${writer}00000000`), '');
  await sweepBeside(join(folder, 'a'));
  const expected = process.platform === 'linux' ? [names.elsewhere] : [names.elsewhere, names.reused];
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining(expected.map((writer) => `.a.${writer}00000000`)),
  );
  if (process.platform === 'linux') expect(readdirSync(folder)).toHaveLength(1);
  const silent = new Date(Date.now() - 61 * 60_000);
  utimesSync(join(folder, `.a.${names.elsewhere}00000000`), silent, silent);
  await sweepBeside(join(folder, 'a'));
  expect(readdirSync(folder)).not.toContain(`.a.${names.elsewhere}00000000`);
});

test('a long name gives a name that file systems take', () => {
  const name = basename(temporaryName(`/a/${'ü'.repeat(127)}`));
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(isTemporaryName(name)).toBe(true);
  expect(basename(temporaryName('/a/points.csv'))).toMatch(/^\.points\.csv\.[0-9a-f]{32}$/);
});
