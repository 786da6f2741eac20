import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { asGrey, asPhoto } from '../../src/data/face-source.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import type { LoadOptions, LoadProgress } from '../../src/data/load-options.ts';
import { searchLandmarks } from '../../src/data/search-landmarks.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { type LandmarkLocator, openLandmarkLocator } from '../../src/landmarks/landmark-locator.ts';
import { FIRST_INNER_POINT, meanShapeIn, NOSE_TIP } from '../../src/landmarks/mean-shape.ts';
import { readPoints } from '../../src/landmarks/points-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const DEMO = 'node_modules/face-api.js/demo';
const PHOTOS = ['sample2', 'sample1', 'sample4'];

/** A folder of photos, in which `b/nobody.png` shows no face. */
async function photoFolder(): Promise<string> {
  const folder = join(temporaryFolder(), 'photos');
  for (const label of ['a', 'b']) mkdirSync(join(folder, label), { recursive: true });
  for (const [i, name] of PHOTOS.entries()) {
    await sharp(`${DEMO}/${name}.jpg`)
      .resize({ width: 640 })
      .png()
      .toFile(join(folder, 'ab'[i % 2], `${i}.png`));
  }
  const random = randomStream('nobody');
  const noise = Uint8Array.from({ length: 3 * 200 * 150 }, () => random.integer(0, 40));
  const raw = { width: 200, height: 150, channels: 3 } as const;
  await sharp(noise, { raw }).toFile(join(folder, 'b', 'nobody.png'));
  return folder;
}

/** A FER2013 csv of the frames of a data set, cut to 48×48 pixels. */
function csvOf({ frames, count }: Dataset): string {
  const file = join(temporaryFolder(), 'faces.csv');
  const rows = Array.from({ length: count }, (_, sample) => {
    const rowsOfFace = Array.from({ length: 48 }, (_, y) => {
      const start = sample * 4096 + (y + 8) * 64 + 8;
      return frames.subarray(start, start + 48).join(' ');
    });
    return `${sample % 7},${rowsOfFace.join(' ')},${sample % 3 ? 'Training' : 'PublicTest'}`;
  });
  writeFileSync(file, ['emotion,pixels,Usage', ...rows].join('\n'));
  return file;
}

let locator: LandmarkLocator;
beforeAll(() => {
  locator = openLandmarkLocator({ faces: 'crop', workers: 0 });
});
afterAll(() => locator.close());

/** The landmarks that a network sees in one frame. */
async function landmarksIn({ frames }: Dataset, sample: number): Promise<Float32Array> {
  const pixels = frames.slice(sample * 4096, (sample + 1) * 4096);
  const [[face]] = await locator.locate([asPhoto({ pixels, width: 64, height: 64 })]);
  return face.points;
}

describe('loading with a search for landmarks', () => {
  it('brings the faces of photos into their frames', async () => {
    const folder = await photoFolder();
    const reports: LoadProgress[] = [];
    const options: LoadOptions = {
      workers: 0,
      faces: 'tiny',
      onProgress: (progress) => reports.push(progress),
    };
    const aligned = await loadDataset(folder, options);
    expect(aligned).toMatchObject({ align: 'similarity', count: 4, unaligned: 1 });
    expect(reports.at(-1)).toEqual({ samples: 4, unaligned: 1, total: 4 });
    const mean = meanShapeIn(FACE_FRAME);
    for (const sample of [0, 1, 2]) {
      const points = await landmarksIn(aligned, sample);
      let sum = 0;
      for (let i = 2 * FIRST_INNER_POINT; i < points.length; i++) sum += (points[i] - mean[i]) ** 2;
      expect(Math.sqrt(sum / (points.length - 2 * FIRST_INNER_POINT))).toBeLessThan(4);
    }
    const byNose = await loadDataset(folder, { ...options, align: 'nose' });
    expect(byNose).toMatchObject({ align: 'nose', unaligned: 1 });
    for (const sample of [0, 1, 2]) {
      const points = await landmarksIn(byNose, sample);
      expect(Math.abs(points[2 * NOSE_TIP] - FACE_FRAME.noseX)).toBeLessThan(4);
      expect(Math.abs(points[2 * NOSE_TIP + 1] - FACE_FRAME.noseY)).toBeLessThan(4);
    }
    const nobody = (dataset: Dataset) => dataset.frames.subarray(3 * 4096, 4 * 4096);
    expect(nobody(aligned)).toEqual(nobody(byNose)); // neither aligns it
    expect(nobody(aligned)).toEqual(nobody(await loadDataset(folder, { align: 'none' })));
  });

  it('gives the same frames from a pool, from this thread, from the cache and by a points file', async () => {
    const folder = await photoFolder();
    const source = csvOf(await loadDataset(folder, { workers: 0, faces: 'tiny', align: 'nose' }));
    const cacheFolder = temporaryFolder();
    const points = join(temporaryFolder(), 'points.csv');
    const inline = await loadDataset(source, { workers: 0 });
    expect(inline.hash).not.toBe((await loadDataset(source, { align: 'none' })).hash);
    const summary = await searchLandmarks(source, points, { workers: 1 });
    const { unaligned } = inline;
    expect(summary).toEqual({ pictures: 4, faces: 4, withoutFace: 0, unaligned, skipped: 0 });
    for (const options of [{ workers: 2 }, { cacheFolder, workers: 1 }, { cacheFolder }, { points }]) {
      expect(await loadDataset(source, options)).toEqual(inline);
    }
  });
});

describe('searchLandmarks', () => {
  it('writes every face of every image, in pixels of the image', async () => {
    const folder = await photoFolder();
    writeFileSync(join(folder, 'a', 'bad.png'), 'text');
    const out = join(temporaryFolder(), 'sub', 'points.csv');
    const options = {
      faces: 'tiny',
      workers: 0,
      cacheFolder: temporaryFolder(),
      onBadImage: 'skip',
    } as const;
    const summary = await searchLandmarks(folder, out, options);
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n').slice(1);
    const fields = lines.map((line) => line.split(','));
    expect(summary).toMatchObject({ pictures: 4, withoutFace: 1, skipped: 1, faces: fields.length - 1 });
    expect(summary.faces).toBeGreaterThan(4);
    expect(new Set(fields.map(([file]) => file))).toEqual(
      new Set(['a/0.png', 'a/2.png', 'b/1.png', 'b/nobody.png']),
    );
    for (const [i, [file, face, score]] of fields.entries()) {
      const first = i === 0 || fields[i - 1][0] !== file;
      if (file === 'b/nobody.png') expect([face, score]).toEqual(['', '']);
      else expect(Number(face)).toBe(first ? 0 : Number(fields[i - 1][1]) + 1);
      if (!first) expect(Number(score)).toBeLessThanOrEqual(Number(fields[i - 1][2]));
    }
    const { key, faces } = await readPoints(out);
    expect(key).toBe('file');
    const nose = faces.get('a/0.png')?.subarray(2 * NOSE_TIP, 2 * NOSE_TIP + 2) ?? [0, 0];
    const { width = 0, height = 0 } = await sharp(join(folder, 'a/0.png')).metadata();
    expect(nose[0] > 0 && nose[0] < width && nose[1] > 0 && nose[1] < height).toBe(true);
    const fromFile = await loadDataset(folder, { points: out, onBadImage: 'skip' });
    expect(fromFile).toMatchObject({ count: 4, unaligned: 1, skipped: 1 });
  });

  it('writes nothing after an abort or for faulty data', async () => {
    const folder = await photoFolder();
    const out = join(temporaryFolder(), 'points.csv');
    const stopped = searchLandmarks(folder, out, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    writeFileSync(join(folder, 'b', 'zz.png'), 'text');
    const faulty = searchLandmarks(folder, out, { workers: 0 });
    await expect(faulty).rejects.toMatchObject({ code: 'INVALID_IMAGE' });
    expect(() => readFileSync(out)).toThrow('ENOENT');
  });
});

describe('asGrey and asPhoto', () => {
  it('turn each kind of picture into the other, and leave its own kind alone', () => {
    const grey = { pixels: Uint8Array.of(10, 200), width: 2, height: 1 };
    const photo = { pixels: Uint8Array.of(10, 10, 10, 200, 200, 200), width: 2, height: 1 };
    expect(asGrey(grey)).toBe(grey);
    expect(asPhoto(photo)).toBe(photo);
    expect(asGrey(photo)).toEqual(grey);
    expect(asPhoto(grey)).toEqual(photo);
  });
});
