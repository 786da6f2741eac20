import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { type LandmarkDetector, loadDataset, searchLandmarks } from '../../src/index.ts';
import { readPoints } from '../../src/landmarks/points-file.ts';
import { toyDetector } from '../testing/toy-detector.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function pictures(): Promise<string> {
  const folder = join(temporaryFolder(), 'pictures');
  for (const [i, label] of ['a', 'a', 'b', 'b'].entries()) {
    mkdirSync(join(folder, label), { recursive: true });
    const raw = { width: 200, height: 160, channels: 3 } as const;
    const pixels = Uint8Array.from({ length: 3 * 200 * 160 }, (_, at) => 1 + ((at * (i + 3)) % 251));
    await sharp(pixels, { raw })
      .png()
      .toFile(join(folder, label, `${i}.png`));
  }
  return folder;
}

/** A detector that counts its calls. */
function counting(version: string) {
  const asked = { count: 0 };
  const detector: LandmarkDetector = {
    ...toyDetector,
    version,
    detect: (photo) => {
      asked.count++;
      return toyDetector.detect(photo);
    },
  };
  return { asked, detector };
}

it('aligns the faces of a data set by a detector of its own', async () => {
  const folder = await pictures();
  const own = await loadDataset(folder, { detector: toyDetector, faces: 'tiny' });
  const whole = await loadDataset(folder, { align: 'none' });
  expect(own.unaligned).toBe(0);
  expect(own.hash).not.toBe(whole.hash);
  const out = join(temporaryFolder(), 'points.csv');
  expect(await searchLandmarks(folder, out, { detector: toyDetector })).toMatchObject({
    faces: 4,
    unaligned: 0,
  });
  const first = (await readPoints(out)).faces.get('a/0.png');
  const [face] = await toyDetector.detect({ pixels: new Uint8Array([1]), width: 200, height: 160 });
  expect(first).toEqual(face.points);
});

it('keeps the results of different detector versions apart, and runs a detector only on new pictures', async () => {
  const folder = await pictures();
  const cacheFolder = temporaryFolder();
  const first = counting('first');
  const loaded = await loadDataset(folder, { detector: first.detector, cacheFolder });
  expect(first.asked.count).toBe(4);
  expect(await loadDataset(folder, { detector: first.detector, cacheFolder })).toEqual(loaded);
  expect(first.asked.count).toBe(4);
  const second = counting('second');
  await loadDataset(folder, { detector: second.detector, cacheFolder });
  expect(second.asked.count).toBe(4);
  expect(readdirSync(join(cacheFolder, 'frames'))).toHaveLength(2);
});

it('refuses an object that is not a detector, and a detector with too few points', async () => {
  const folder = await pictures();
  const refused = { code: 'INVALID_OPTION', data: { option: 'detector' } };
  await expect(loadDataset(folder, { detector: {} as never })).rejects.toMatchObject(refused);
  const detect: LandmarkDetector['detect'] = async (photo) =>
    (await toyDetector.detect(photo)).map((face) => ({ ...face, points: face.points.slice(0, 10) }));
  await expect(loadDataset(folder, { detector: { ...toyDetector, detect } })).rejects.toMatchObject({
    code: 'INVALID_DATA',
    message: expect.stringContaining("'toy 1'"),
  });
});
