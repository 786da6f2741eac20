import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Photo } from '../../src/images/photo.ts';
import type { Box } from '../../src/landmarks/landmark-detector.ts';
import { drawPredictions } from '../../src/prediction/drawing/draw-predictions.ts';
import type { PredictedFace } from '../../src/prediction/prediction.ts';
import { someModel } from './models.ts';
import { cut, emptyPhoto, samplePhoto } from './photos.ts';

let photo: Photo;
let faces: PredictedFace[];
let crop: Photo;
let cropFaces: PredictedFace[];
beforeAll(async () => {
  const model = await someModel();
  photo = await samplePhoto(1);
  faces = await model.predictFaces(photo, { attributes: true });
  crop = cut(photo, 260, 150, 100, 90);
  cropFaces = await model.predictFaces(crop);
});

async function decoded(png: Uint8Array): Promise<Photo> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

/** Share of the pixels in a box that differ. */
function changed(a: Photo, b: Photo, { x, y, width, height }: Box): number {
  let count = 0;
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      const at = 3 * (row * a.width + column);
      if ([0, 1, 2].some((channel) => a.pixels[at + channel] !== b.pixels[at + channel])) count++;
    }
  }
  return count / (width * height);
}

describe('a photo of several faces', () => {
  test('keeps its size and is marked where the faces are', async () => {
    const drawn = await decoded(drawPredictions(photo, faces));
    expect(drawn).toMatchObject({ width: photo.width, height: photo.height });
    for (const { box } of faces) expect(changed(photo, drawn, box)).toBeGreaterThan(0.2);
    const below = { x: 0, y: photo.height - 100, width: photo.width, height: 100 };
    expect(changed(photo, drawn, below)).toBe(0);
  });

  test('keeps each mouth and both eyes visible', async () => {
    const drawn = await decoded(drawPredictions(photo, faces));
    for (const { points } of faces) {
      for (const point of [37, 44, 66]) {
        const landmark = { x: Math.round(points[2 * point]), y: Math.round(points[2 * point + 1]) };
        const at = 3 * (landmark.y * photo.width + landmark.x);
        // Below a tint, but not below a panel.
        for (const channel of [0, 1, 2]) {
          expect(Math.abs(drawn.pixels[at + channel] - photo.pixels[at + channel])).toBeLessThan(45);
        }
      }
    }
  });

  test('gives the same bytes each time', () => {
    expect(drawPredictions(photo, faces)).toEqual(drawPredictions(photo, faces));
  });

  test('shows the predictions', () => {
    const [first, ...others] = faces;
    const versions: Partial<PredictedFace>[] = [
      { label: 'sad' },
      { probabilities: { ...first.probabilities, happy: 1 } },
      { attributes: undefined },
      { aligned: false },
      { patches: [] },
    ];
    const seen = [faces, ...versions.map((version) => [{ ...first, ...version }, ...others])].map((version) =>
      Buffer.from(drawPredictions(photo, version)).toString('base64'),
    );
    expect(new Set(seen).size).toBe(seen.length);
  });
});

test('a photo without faces stays as it is', async () => {
  const drawn = await decoded(drawPredictions(photo, []));
  expect(changed(photo, drawn, { x: 0, y: 0, width: photo.width, height: photo.height })).toBe(0);
});

test('a small picture is enlarged, and its face gets a panel beside it', async () => {
  expect(cropFaces).toHaveLength(1);
  const drawn = await decoded(drawPredictions(crop, cropFaces));
  expect(drawn.height).toBe(5 * crop.height);
  expect(drawn.width).toBeGreaterThan(5 * crop.width + 80);
  const beside = cut(drawn, 5 * crop.width, 0, drawn.width - 5 * crop.width, drawn.height);
  const levels = beside.pixels.toSorted();
  expect(levels[0]).toBeLessThan(60);
  expect(levels[levels.length - 1]).toBeGreaterThan(200);
});

describe('a crowd of small faces', () => {
  test('is drawn whole, also at the edges', async () => {
    const [face] = faces;
    const plain = emptyPhoto(500, 300);
    const crowd = [0, 1, 2, 3, 4, 5].flatMap((column) =>
      [0, 1, 2].map((row): PredictedFace => {
        const box = { x: 84 * column - 10, y: 100 * row - 10, width: 75, height: 90 };
        return { ...face, box, patches: [], pose: { ...face.pose, noseTip: [box.x + 37, box.y + 50] } };
      }),
    );
    const drawn = await decoded(drawPredictions(plain, crowd));
    expect(drawn).toMatchObject({ width: 500, height: 300 });
    for (const { box } of crowd) {
      const nose = { x: box.x + 33, y: box.y + 46, width: 8, height: 8 };
      expect(changed(plain, drawn, nose)).toBeGreaterThan(0);
    }
  });
});
