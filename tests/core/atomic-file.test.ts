import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileAtomic } from '../../src/core/atomic-file.ts';
import { EvopatchError } from '../../src/core/errors.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-atomic-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('writes text and bytes, over what was there, and makes the folders', async () => {
  const file = join(folder, 'a', 'b', 'file');
  await writeFileAtomic(file, 'first');
  expect(await readFile(file, 'utf8')).toBe('first');
  await writeFileAtomic(file, Uint8Array.of(0, 255, 10));
  expect([...(await readFile(file))]).toEqual([0, 255, 10]);
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['file']);
});

it('writes content as it arrives, and nothing if it ends with an error', async () => {
  const file = join(folder, 'file');
  async function* parts(end: () => void) {
    yield 'one ';
    yield new Uint8Array(new SharedArrayBuffer(3)).fill(97);
    end();
  }
  const stop = (problem: Error) => () => {
    throw problem;
  };
  const ours = new EvopatchError('ABORTED', 'stopped');
  await expect(writeFileAtomic(file, parts(stop(ours)))).rejects.toBe(ours);
  const other = { code: 'FILE_SYSTEM', data: { file } };
  await expect(writeFileAtomic(file, parts(stop(new Error('odd'))))).rejects.toMatchObject(other);
  expect(await readdir(folder)).toEqual([]);
  await writeFileAtomic(
    file,
    parts(() => undefined),
  );
  expect(await readFile(file, 'utf8')).toBe('one aaa');
});

it('a reader sees one whole content during concurrent writes', async () => {
  const file = join(folder, 'file');
  const contents = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(100_000));
  await writeFileAtomic(file, contents[0]);
  const writes = Promise.all(contents.map((content) => writeFileAtomic(file, content)));
  for (let i = 0; i < 20; i++) expect(contents).toContain(await readFile(file, 'utf8'));
  await writes;
  expect(await readdir(folder)).toEqual(['file']);
});

it('throws an error that names the file and leaves nothing behind if it cannot write', async () => {
  await writeFile(join(folder, 'occupied'), 'kept');
  const under = join(folder, 'occupied', 'file');
  await expect(writeFileAtomic(under, 'x')).rejects.toMatchObject({
    name: 'EvopatchError',
    code: 'FILE_SYSTEM',
    data: { file: under },
  });
  const target = join(folder, 'target');
  await mkdir(target);
  await expect(writeFileAtomic(target, 'x')).rejects.toMatchObject({
    code: 'FILE_SYSTEM',
    data: { file: target },
  });
  expect((await readdir(folder)).sort()).toEqual(['occupied', 'target']);
  expect(await readFile(join(folder, 'occupied'), 'utf8')).toBe('kept');
});

// The superuser may write to every folder except /proc, which accepts no files.
it.runIf(process.platform === 'linux')('cannot write into a folder that accepts no files', async () => {
  const file = '/proc/self/file';
  await expect(writeFileAtomic(file, 'x')).rejects.toMatchObject({ code: 'FILE_SYSTEM', data: { file } });
});

it('writes to the file behind a link, there already or not, and leaves the link', async () => {
  for (const name of ['there', 'missing']) {
    const [link, target] = [join(folder, `${name}.link`), join(folder, 'far', name)];
    await mkdir(join(folder, 'far'), { recursive: true });
    if (name === 'there') await writeFile(target, 'old');
    await symlink(join('far', name), link);
    await writeFileAtomic(link, 'new');
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(target, 'utf8')).toBe('new');
  }
  expect((await readdir(folder)).sort()).toEqual(['far', 'missing.link', 'there.link']);
});

it.runIf(process.platform === 'linux')('writes to a device instead of replacing it', async () => {
  await writeFileAtomic('/dev/null', 'x');
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
});
