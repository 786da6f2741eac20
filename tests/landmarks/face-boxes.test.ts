import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import type { Photo } from '../../src/images/photo.ts';
import { openLandmarkDetector } from '../../src/landmarks/face-api-detector.ts';
import type { LandmarkDetector } from '../../src/landmarks/landmark-detector.ts';
import { cutPhoto } from '../../src/landmarks/picture.ts';
import { samplePhoto } from './photos.ts';

/** Side of each portrait of the group; the face takes about half of it. */
const SIDES = [400, 220, 140, 100, 80];

let all: LandmarkDetector;
let portrait: Photo;
let group: Photo;
beforeAll(async () => {
  all = await openLandmarkDetector({ detector: 'all' });
  portrait = cutPhoto(await samplePhoto(5), { x: 191, y: 790, width: 560, height: 560 });
  const raw = { width: 560, height: 560, channels: 3 } as const;
  const layers = SIDES.map(async (side, i) => ({
    input: await sharp(portrait.pixels, { raw }).resize(side).png().toBuffer(),
    left: 100 + 300 * i,
    top: 120 + 150 * i,
  }));
  const canvas = { width: 1600, height: 1200, channels: 3, background: '#5a7a5a' } as const;
  group = await decodePhoto(
    await sharp({ create: canvas })
      .composite(await Promise.all(layers))
      .png()
      .toBuffer(),
  );
});

describe('the detector of all faces', () => {
  it('finds the large and the small faces of a group, each once', async () => {
    const [reference] = await all.detect(portrait);
    const faces = await all.detect(group);
    expect(faces).toHaveLength(SIDES.length);
    for (const [i, side] of SIDES.entries()) {
      const x = 100 + 300 * i + ((reference.box.x + reference.box.width / 2) * side) / 560;
      const y = 120 + 150 * i + ((reference.box.y + reference.box.height / 2) * side) / 560;
      const near = faces.filter(
        ({ box }) => Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 0.15 * side,
      );
      expect(near, `the face of ${side} pixels`).toHaveLength(1);
    }
    const scores = faces.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('uses the tiny detector if a face fills the photo', async () => {
    const tiny = await openLandmarkDetector();
    const found = await tiny.detect(portrait);
    expect(found).toHaveLength(1);
    expect(await all.detect(portrait)).toEqual(found);
    expect(all.version).not.toBe(tiny.version);
  });
});
