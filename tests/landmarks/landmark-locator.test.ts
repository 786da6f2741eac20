import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Photo } from '../../src/images/photo.ts';
import { openLandmarkDetector } from '../../src/landmarks/face-api-detector.ts';
import { landmarkFile, writeLandmarks } from '../../src/landmarks/landmark-cache.ts';
import {
  type LandmarkLocator,
  type LandmarkLocatorOptions,
  openLandmarkLocator,
} from '../../src/landmarks/landmark-locator.ts';
import { cutPhoto } from '../../src/landmarks/picture.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { landscape, noise, samplePhoto } from './photos.ts';

const opened: LandmarkLocator[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((locator) => locator.close()));
});

function open(options: LandmarkLocatorOptions = {}): LandmarkLocator {
  const locator = openLandmarkLocator({ workers: 0, ...options });
  opened.push(locator);
  return locator;
}

const crops = Array.from({ length: 50 }, (_, i) => noise(48, 48, `crop ${i}`));
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('the search', () => {
  it('treats small pictures as crops, others as photos, and a photo without faces as one face', async () => {
    const detector = await openLandmarkDetector();
    const group = await samplePhoto(5);
    const empty = landscape(400, 300);
    const [crop, faces, none] = await open().locate([crops[0], group, empty]);
    expect(crop).toEqual([await detector.locate(crops[0])]);
    expect(faces).toEqual(await detector.detect(group));
    expect(faces).toHaveLength(5);
    expect(none).toEqual([{ ...(await detector.locate(empty)), score: 0 }]);
  });

  it('runs no detector on crops, and only a detector on photos', async () => {
    const empty = landscape(400, 300);
    const [[whole]] = await open({ faces: 'crop' }).locate([empty]);
    expect(whole).toMatchObject({ score: 1, box: { x: 0, y: 0, width: 400, height: 300 } });
    expect(await open({ faces: 'tiny' }).locate([empty, crops[0]])).toEqual([[], []]);
    expect(await open({ faces: 'ssd' }).locate([empty, crops[0]])).toEqual([[], []]);
  });

  it('names its kinds by different versions', () => {
    const versions = (['auto', 'crop', 'tiny', 'ssd'] as const).map((faces) => open({ faces }).version);
    expect(new Set(versions).size).toBe(4);
    expect(open({ workers: 3 }).version).toBe(versions[0]);
  });

  it('gives the same results for any number of threads', async () => {
    const group = await samplePhoto(6);
    const photos: Photo[] = [
      ...crops,
      group,
      cutPhoto(group, { x: 500, y: 200, width: 500, height: 500 }),
      ...crops,
    ];
    const here = await open().locate(photos);
    expect(here).toHaveLength(102);
    expect(await open({ workers: 1 }).locate(photos)).toEqual(here);
    const three = open({ workers: 3 });
    const [all, some] = await Promise.all([three.locate(photos), three.locate(crops.slice(7, 9))]);
    expect(all).toEqual(here);
    expect(some).toEqual(here.slice(7, 9));
  });

  it.each([0, 2])('is aborted by a signal, with %i workers', async (workers) => {
    const locator = open({ workers });
    await expect(locator.locate(crops, AbortSignal.abort('early'))).rejects.toMatchObject({
      code: 'ABORTED',
      cause: 'early',
    });
    const controller = new AbortController();
    const found = locator.locate([...crops, ...crops, ...crops], controller.signal);
    setTimeout(() => controller.abort(), 5);
    await expect(found).rejects.toMatchObject({ name: 'EvopatchError', code: 'ABORTED' });
    expect(await locator.locate(crops.slice(0, 1))).toHaveLength(1);
  });

  it.each([0, 2])('ends when closed, with %i workers', async (workers) => {
    const locator = open({ workers });
    const found = locator.locate(crops);
    setTimeout(() => locator.close(), 5);
    await expect(found).rejects.toMatchObject({ code: 'ABORTED' });
    await locator.close();
    await expect(locator.locate(crops)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('refuses photos whose pixels do not fill them, before any work', async () => {
    const broken = { pixels: new Uint8Array(4), width: 1, height: 1 };
    const expected = { code: 'INVALID_IMAGE', data: { given: '4 bytes for 1×1' } };
    await expect(open().locate([crops[0], broken])).rejects.toMatchObject(expected);
  });

  it('finds nothing in no photos', async () => {
    expect(await open({ workers: 2 }).locate([])).toEqual([]);
  });

  it.each([
    { options: { workers: -1 }, option: 'workers' },
    { options: { workers: 1.5 }, option: 'workers' },
    { options: { workers: 1000 }, option: 'workers' },
    { options: { faces: 'some' as 'auto' }, option: 'faces' },
  ])('refuses $options', ({ options, option }) => {
    const data = expect.objectContaining({ option });
    expect(() => openLandmarkLocator(options)).toThrow(
      expect.objectContaining({ name: 'EvopatchError', code: 'INVALID_OPTION', data }),
    );
  });
});

describe('the cache', () => {
  it('is read first, and its content is the answer', async () => {
    const cacheFolder = temporaryFolder();
    const locator = open({ cacheFolder });
    const known = [
      [{ box: { x: 1, y: 2, width: 3, height: 4 }, score: 0.5, points: new Float32Array(136).fill(9) }],
    ];
    await writeLandmarks(landmarkFile(cacheFolder, locator.version, [crops[0]]), known);
    expect(await locator.locate([crops[0]])).toEqual(known);
    expect(await locator.locate([crops[0], crops[1]])).not.toEqual(known); // another batch
  });

  it('stores each batch in one file, which it then reads and does not write again', async () => {
    const cacheFolder = temporaryFolder();
    const found = await open({ cacheFolder }).locate(crops);
    const [file, ...others] = filesIn(cacheFolder);
    expect(others).toEqual([]);
    utimesSync(file, 1000, 1000);
    expect(await open({ cacheFolder, workers: 2 }).locate(crops)).toEqual(found);
    expect(filesIn(cacheFolder)).toEqual([file]);
    expect(statSync(file).mtimeMs).toBe(1_000_000);
    await open({ cacheFolder, faces: 'crop' }).locate(crops);
    expect(filesIn(cacheFolder)).toHaveLength(2);
  });

  it('replaces a damaged file', async () => {
    const cacheFolder = temporaryFolder();
    const locator = open({ cacheFolder });
    const found = await locator.locate(crops.slice(0, 3));
    const [file] = filesIn(cacheFolder);
    const bytes = readFileSync(file);
    const damaged = Buffer.from(bytes);
    damaged[100] ^= 1;
    for (const content of [
      damaged,
      bytes.subarray(0, 99),
      Buffer.alloc(0),
      Buffer.from('of somebody else'),
    ]) {
      writeFileSync(file, content);
      expect(await locator.locate(crops.slice(0, 3))).toEqual(found);
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
  });

  it('is skipped if the folder cannot be written', async () => {
    const found = await open().locate(crops.slice(0, 2));
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const locked = temporaryFolder();
    chmodSync(locked, 0o500);
    for (const cacheFolder of [file, join(file, 'below'), '/proc/evopatch', locked]) {
      expect(await open({ cacheFolder }).locate(crops.slice(0, 2))).toEqual(found);
    }
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});
