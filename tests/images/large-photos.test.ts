import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import { greyOf } from '../../src/images/photo.ts';
import { alignFace } from '../../src/landmarks/alignment.ts';
import { renderFrame } from '../../src/landmarks/frame.ts';
import type { LandmarkDetector } from '../../src/landmarks/landmark-detector.ts';
import { onOriginals } from '../../src/landmarks/on-originals.ts';
import { wholeOf } from '../../src/landmarks/similarity.ts';

/** Grey, with a white square of 600 pixels at (3000, 1200). */
function large(width = 6000, height = 4000) {
  const square = { create: { width: 600, height: 600, channels: 3, background: '#fff' } } as const;
  return sharp({ create: { width, height, channels: 3, background: '#444' } }).composite([
    { input: square, left: 3000, top: 1200 },
  ]);
}
const BOX = { x: 3000, y: 1200, width: 600, height: 600 };

it.each(['jpeg', 'webp', 'tiff'] as const)(
  'a %s of 24 megapixels is reduced, and its original size kept',
  async (format) => {
    const photo = await decodePhoto(await large().toFormat(format).toBuffer());
    expect(photo.original).toEqual({ width: 6000, height: 4000 });
    expect(photo.width * photo.height).toBeLessThanOrEqual(16_000_000);
    expect(photo.width * photo.height).toBeGreaterThan(15_900_000);
    expect(photo.pixels).toHaveLength(3 * photo.width * photo.height);
    expect(wholeOf(photo)).toEqual({ x: 0, y: 0, width: 6000, height: 4000 });
    // A frame of a box of the original is white and shows nothing beside the box.
    const frame = renderFrame(greyOf(photo), alignFace('none', BOX, undefined).similarity);
    const inside = [12, 32, 52].flatMap((y) => [12, 32, 52].map((x) => frame[64 * y + x]));
    const outside = [4, 60].flatMap((y) => [4, 60].map((x) => frame[64 * y + x]));
    expect(Math.min(...inside)).toBeGreaterThan(245);
    expect(Math.max(...outside)).toBeLessThan(80);
  },
);

it('is turned upright, its size too', async () => {
  const bytes = await large().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const photo = await decodePhoto(bytes);
  expect(photo.original).toEqual({ width: 4000, height: 6000 });
  expect(photo.height).toBeGreaterThan(photo.width);
});

it('16 megapixels stay as they are', async () => {
  const photo = await decodePhoto(await large(4000, 4000).jpeg().toBuffer());
  expect(photo).toMatchObject({ width: 4000, height: 4000 });
  expect(photo).not.toHaveProperty('original');
});

it('a detector sees the pixels there are, and answers in pixels of the original', async () => {
  const seen: unknown[] = [];
  const points = new Float32Array(136).fill(5);
  const face = { box: { x: 1, y: 2, width: 3, height: 4 }, score: 0.5, points };
  const detector = {
    version: 'test',
    detect: async (photo) => [seen.push(photo), face].slice(1),
    locate: async () => face,
    attributesOf: async (_, { box }) => ({ gender: 'female', genderProbability: 1, age: box.x }),
  } as LandmarkDetector;
  const photo = { pixels: new Uint8Array(3), width: 1, height: 1, original: { width: 4, height: 4 } };
  const scaled = { box: { x: 4, y: 8, width: 12, height: 16 }, score: 0.5, points: points.map((x) => 4 * x) };
  expect(await onOriginals(detector).detect(photo)).toEqual([scaled]);
  expect(await onOriginals(detector).locate(photo)).toEqual(scaled);
  expect(await onOriginals(detector).attributesOf(photo, scaled)).toMatchObject({ age: 1 });
  expect(seen).toEqual([{ pixels: photo.pixels, width: 1, height: 1 }]);
});

it.each([
  ['a side of more than 20,000 pixels', 1, 20_001],
  ['more than 64 megapixels', 8001, 8000],
])('%s is refused before it is decoded, and the size told', async (_, width, height) => {
  const bytes = await sharp({ create: { width, height, channels: 3, background: '#000' } })
    .toColourspace('b-w')
    .png({ compressionLevel: 1 })
    .toBuffer();
  await expect(decodePhoto(bytes)).rejects.toMatchObject({
    code: 'INVALID_IMAGE',
    problem: 'the image is too large',
    data: { hint: expect.stringContaining(`${width}×${height} pixels`) },
  });
});
