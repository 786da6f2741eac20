import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFrames, writeFrames } from '../../src/data/frame-cache.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import type { LoadOptions } from '../../src/data/load-options.ts';
import { MEAN_SHAPE } from '../../src/landmarks/mean-shape.ts';
import { writeImage } from './drawn-images.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A manifest with subjects and splits, and a cache. */
async function prepare() {
  const folder = temporaryFolder();
  for (const level of [1, 2, 3, 4]) await writeImage(folder, `faces/${level}.png`, 50 * level);
  const rows = [1, 2, 3, 4].map((i) => `faces/${i}.png,${'ab'[i % 2]},p${i % 3},${i > 2 ? 'test' : 'train'}`);
  const data = join(folder, 'manifest.csv');
  writeFileSync(data, `path,label,subject,split\n${rows.join('\n')}\n`);
  const cacheFolder = join(temporaryFolder(), 'cache');
  const load = (source = data, options: LoadOptions = {}) =>
    loadDataset(source, { align: 'none', cacheFolder, ...options });
  const files = () =>
    readdirSync(join(cacheFolder, 'frames')).map((name) => join(cacheFolder, 'frames', name));
  return { folder, data, cacheFolder, load, files };
}

describe('prepared frames', () => {
  it('are the same data set as freshly prepared ones, in shared memory', async () => {
    const { data, load, files } = await prepare();
    const plain = await loadDataset(data, { align: 'none' });
    const missed = await load();
    expect(files()).toHaveLength(1);
    const hit = await load();
    expect(missed).toEqual(plain);
    expect(hit).toEqual(plain);
    for (const array of [hit.frames, hit.labels, hit.splits, hit.subjects]) {
      expect(array?.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(array?.buffer.byteLength).toBe(array?.byteLength);
    }
  });

  it('keep the groups, and are prepared again if one changes', async () => {
    const { folder, load, files } = await prepare();
    const data = join(folder, 'groups.csv');
    const write = (gender: string) =>
      writeFileSync(data, `path,age,label,gender\nfaces/1.png,20,a,${gender}\nfaces/2.png,,b,f\n`);
    write('m');
    const plain = await loadDataset(data, { align: 'none' });
    expect(plain.groups?.get('age')?.of).toEqual(Int32Array.of(0, -1));
    expect(await load(data)).toEqual(plain);
    const hit = await load(data);
    expect(hit).toEqual(plain);
    for (const { of } of hit.groups!.values()) expect(of.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(files()).toHaveLength(1);
    write('f');
    const changed = await load(data);
    expect(changed.groups?.get('gender')).toEqual({ values: ['f'], of: Int32Array.of(0, 0) });
    expect(files()).toHaveLength(2);
  });

  it('are read from the cache', async () => {
    const { load, files } = await prepare();
    const { name: _, ...dataset } = await load();
    const frames = dataset.frames.map((level) => 255 - level);
    await writeFrames(files()[0], { dataset: { ...dataset, frames }, skips: [], notes: [] });
    expect((await load()).frames).toEqual(frames);
  });

  it.each<[string, (file: string, bytes: Buffer) => void]>([
    ['is empty', (file) => writeFileSync(file, '')],
    ['is something else', (file) => writeFileSync(file, 'x'.repeat(9999))],
    ['is cut off', (file, bytes) => writeFileSync(file, bytes.subarray(0, -1))],
    ['is cut off in its header', (file, bytes) => writeFileSync(file, bytes.subarray(0, 40))],
    ['is too long', (file, bytes) => writeFileSync(file, Buffer.concat([bytes, bytes]))],
    ['has a damaged length', (file, bytes) => writeFileSync(file, bytes.with(19, 255))],
    ['has a damaged header', (file, bytes) => writeFileSync(file, bytes.with(30, 0))],
    [
      'has another class name',
      (file, bytes) => writeFileSync(file, bytes.with(bytes.indexOf('"a"') + 1, 99)),
    ],
    ['has a damaged pixel', (file, bytes) => writeFileSync(file, bytes.with(9999, bytes[9999] ^ 1))],
    ['has a damaged label', (file, bytes) => writeFileSync(file, bytes.with(bytes.length - 56, 3))],
    [
      'has a damaged checksum',
      (file, bytes) => writeFileSync(file, bytes.with(-1, bytes[bytes.length - 1] ^ 1)),
    ],
  ])('are made again and replaced where the file %s', async (_, damage) => {
    const { load, files } = await prepare();
    const before = await load();
    const bytes = readFileSync(files()[0]);
    damage(files()[0], bytes);
    expect(await readFrames(files()[0])).toBeUndefined();
    expect(await load()).toEqual(before);
    expect(readFileSync(files()[0])).toEqual(bytes);
  });

  it('are ignored after any change of a byte or a truncation of their file', async () => {
    const { load, files } = await prepare();
    await load();
    const [file] = files();
    const bytes = readFileSync(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        writeFileSync(file, bytes.with(at, bytes[at] ^ change));
        expect(await readFrames(file)).toBeUndefined();
        writeFileSync(file, bytes.subarray(0, at));
        expect(await readFrames(file)).toBeUndefined();
      }),
      { numRuns: 150, seed: 8 },
    );
  });

  it('are not cached if a folder has the name of their file', async () => {
    const { load, files } = await prepare();
    const before = await load();
    const [file] = files();
    rmSync(file);
    mkdirSync(file);
    expect(await load()).toEqual(before);
  });

  it('depend on the content, not on its path', async () => {
    const { folder, load, files } = await prepare();
    await load();
    const moved = join(temporaryFolder(), 'moved');
    cpSync(folder, moved, { recursive: true });
    const { name, hash } = await load(join(moved, 'manifest.csv'));
    expect({ name, hash }).toEqual({ name: join(moved, 'manifest.csv'), hash: (await load()).hash });
    expect(files()).toHaveLength(1);
  });

  it('differ for other images, labels, splits, people, alignments and points', async () => {
    const { folder, data, load, files } = await prepare();
    await load();
    const manifest = readFileSync(data, 'utf8');
    const coordinates = Array.from({ length: 68 }, (_, i) => `x${i},y${i}`).join();
    const points = join(folder, 'points.csv');
    const writePoints = (shift: number) => {
      const lines = [0, 1, 2, 3].map((row) => `${row},${MEAN_SHAPE.flat().map((value) => value + shift)}\n`);
      writeFileSync(points, `row,${coordinates}\n${lines.join('')}`);
    };
    writePoints(0);
    const first = await load(data, { align: 'nose', points });
    await load(data, { align: 'similarity', points });
    writePoints(3);
    const second = await load(data, { align: 'nose', points });
    expect(files()).toHaveLength(4);
    expect([first.align, second.align]).toEqual(['nose', 'nose']);
    const changes = [
      manifest.replace('1.png,b', '1.png,a'),
      manifest.replace('p1,train', 'p1,validation'),
      manifest.replace(',p1,', ',p2,'),
      manifest.replace('faces/1.png', 'faces/2.png'),
    ];
    for (const [i, changed] of changes.entries()) {
      writeFileSync(data, changed);
      await load();
      expect(files()).toHaveLength(5 + i);
    }
    writeFileSync(data, manifest);
    await writeImage(folder, 'faces/4.png', 7);
    await load();
    expect(files()).toHaveLength(9);
  });

  it('are not cached if the data change during reading', async () => {
    const { folder, data, load, files } = await prepare();
    const onProgress = () => writeFileSync(join(folder, 'faces/1.png'), 'something else');
    expect((await load(data, { onProgress })).count).toBe(4);
    expect(files()).toEqual([]);
  });

  it('leave nothing behind when the loading is stopped', async () => {
    const { data, load, files } = await prepare();
    const stop = new AbortController();
    const stopped = load(data, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(files()).toEqual([]);
    await load();
    const again = load(data, { signal: AbortSignal.abort() });
    await expect(again).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('need a folder that can be made', async () => {
    const { data } = await prepare();
    for (const cacheFolder of [data, join(data, 'cache')]) {
      const loading = loadDataset(data, { align: 'none', cacheFolder });
      await expect(loading).rejects.toMatchObject({
        code: 'FILE_SYSTEM',
        data: { file: expect.stringContaining(data) },
      });
    }
  });
});
