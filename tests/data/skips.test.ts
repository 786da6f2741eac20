import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/data/load-dataset.ts';
import type { LoadOptions, SkippedImage } from '../../src/data/load-options.ts';
import { levelOf, writeImage } from './drawn-images.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A folder of two classes in which some images, named in order, are text. */
async function folderWith(images: number, bad: readonly number[]): Promise<string> {
  const folder = join(temporaryFolder(), 'data');
  for (let i = 0; i < images; i++) await writeImage(folder, fileOf(i), i);
  for (const i of bad) writeFileSync(join(folder, fileOf(i)), `text ${i}`);
  return folder;
}
const fileOf = (i: number) => `${'ab'[i % 2]}/${String(i).padStart(3, '0')}.png`;

/** A FER2013 csv in which some rows are a pixel short. */
function csvWith(rows: number, bad: readonly number[]): string {
  const file = join(temporaryFolder(), 'faces.csv');
  const lines = Array.from({ length: rows }, (_, i) => {
    const pixels = Array(bad.includes(i) ? 2303 : 2304).fill(i % 250);
    return `${i % 7},${pixels.join(' ')},${i % 5 ? 'Training' : 'PublicTest'}`;
  });
  writeFileSync(file, ['emotion,pixels,Usage', ...lines].join('\n'));
  return file;
}

async function load(source: string, options: LoadOptions = {}) {
  const skips: SkippedImage[] = [];
  const onSkip = (skip: SkippedImage) => skips.push(skip);
  const dataset = await loadDataset(source, { align: 'none', onBadImage: 'skip', onSkip, ...options });
  return { dataset, skips };
}

describe('images that cannot be read', () => {
  it('stop the loading by default, and are left out on request', async () => {
    const folder = await folderWith(6, [3]);
    const file = join(folder, fileOf(3));
    for (const options of [{}, { onBadImage: 'stop' }] as const) {
      const loading = loadDataset(folder, { align: 'none', ...options });
      await expect(loading).rejects.toMatchObject({ code: 'INVALID_IMAGE', data: { file } });
    }
    const { dataset, skips } = await load(folder);
    expect(dataset).toMatchObject({ count: 5, skipped: 1 });
    expect(Array.from({ length: 5 }, (_, i) => levelOf(dataset.frames, i))).toEqual([0, 2, 4, 1, 5]);
    expect([...dataset.labels]).toEqual([0, 0, 0, 1, 1]);
    expect(skips).toEqual([
      { file, row: undefined, error: expect.objectContaining({ code: 'INVALID_IMAGE' }) },
    ]);
  });

  it('include rows with wrong pixels; other errors always stop the loading', async () => {
    const file = csvWith(20, [4, 7]);
    await expect(loadDataset(file, { align: 'none' })).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { file, row: 6, option: 'pixels' },
    });
    const { dataset, skips } = await load(file);
    expect(dataset).toMatchObject({ count: 18, skipped: 2 });
    expect(levelOf(dataset.frames, 4)).toBe(5);
    expect(skips.map(({ file: where, row }) => [where, row])).toEqual([
      [file, 6],
      [file, 9],
    ]);
    const wrong = join(temporaryFolder(), 'faces.csv');
    writeFileSync(wrong, `emotion,pixels,Usage\n-1,${Array(2304).fill(0).join(' ')},Training`);
    await expect(load(wrong)).rejects.toMatchObject({ data: { option: 'emotion' } });
  });

  it('keep the points of a row with its row', async () => {
    const file = csvWith(8, [2]);
    const coordinates = Array.from({ length: 68 }, (_, i) => `x${i},y${i}`).join();
    const points = join(temporaryFolder(), 'points.csv');
    const rows = [0, 1, 3, 4, 5, 6, 7].map((row) => `${row}${','.repeat(136)}`);
    writeFileSync(points, [`row,${coordinates}`, ...rows].join('\n'));
    const { dataset } = await load(file, { points, align: 'similarity' });
    expect(dataset).toMatchObject({ count: 7, unaligned: 7, skipped: 1 });
  });

  it.each([
    [12, 9, true],
    [100, 9, true],
    [100, 10, true],
    [100, 11, false],
    [12, 10, false],
  ])('of %d images may be %d: %s', async (images, bad, allowed) => {
    const spoilt = Array.from({ length: bad }, (_, i) => i);
    for (const source of [await folderWith(images, spoilt), csvWith(images, spoilt)]) {
      const loading = load(source);
      if (allowed) expect((await loading).dataset).toMatchObject({ count: images - bad, skipped: bad });
      else {
        const given = `${bad} of ${images}`;
        await expect(loading).rejects.toMatchObject({
          code: 'INVALID_DATA',
          data: { file: source, given, hint: expect.stringContaining('The first: ') },
        });
      }
    }
  });

  it('stop the loading if no other image is left', async () => {
    for (const source of [await folderWith(4, [0, 1, 2, 3]), csvWith(3, [0, 1, 2])]) {
      await expect(load(source)).rejects.toMatchObject({ code: 'INVALID_DATA', data: { file: source } });
    }
  });

  it('are reported again when the frames come from the cache, even if the data have moved', async () => {
    const cacheFolder = temporaryFolder();
    const folder = await folderWith(8, [1, 6]);
    const missed = await load(folder, { cacheFolder });
    const hit = await load(folder, { cacheFolder });
    expect(hit.dataset).toEqual(missed.dataset);
    const facts = ({ skips }: typeof hit) =>
      skips.map(({ file, error }) => ({ file, code: error.code, data: error.data, message: error.message }));
    expect(facts(hit)).toEqual(facts(missed));
    expect(facts(hit)).toHaveLength(2);
    const moved = join(temporaryFolder(), 'moved');
    renameSync(folder, moved);
    const found = await load(moved, { cacheFolder });
    expect(found.skips.map(({ file }) => file)).toEqual([6, 1].map((i) => join(moved, fileOf(i))));
    const strict = load(moved, { cacheFolder, onBadImage: 'stop' });
    await expect(strict).rejects.toMatchObject({
      code: 'INVALID_IMAGE',
      data: { file: join(moved, fileOf(6)) },
    });
    const csv = csvWith(20, [4]);
    await load(csv, { cacheFolder });
    expect((await load(csv, { cacheFolder })).skips).toMatchObject([{ file: csv, row: 6 }]);
  });
});
