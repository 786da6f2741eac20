import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import type { Photo } from '../../src/images/photo.ts';
import { cutPhoto } from '../../src/landmarks/picture.ts';
import type { ExpressionModel } from '../../src/prediction/expression-model.ts';
import { someModel } from '../prediction/models.ts';
import { samplePhoto } from './photos.ts';

let model: ExpressionModel;
let portrait: Photo;
beforeAll(async () => {
  model = await someModel();
  portrait = cutPhoto(await samplePhoto(5), { x: 191, y: 790, width: 560, height: 560 });
});

async function turned(degrees: number): Promise<Photo> {
  const { pixels, width, height } = portrait;
  const raw = { width, height, channels: 3 } as const;
  return decodePhoto(await sharp(pixels, { raw }).rotate(degrees, { background: '#777' }).png().toBuffer());
}

test.each([0, 20, -20])('a face that leans by %i degrees is aligned', async (degrees) => {
  const [face] = await model.predictFaces(await turned(degrees));
  expect(face.aligned).toBe(true);
  expect(face).not.toHaveProperty('turned');
});

test.each([90, 180, 270])('a face that is turned by %i degrees is never aligned', async (degrees) => {
  for (const face of await model.predictFaces(await turned(degrees))) {
    expect(face.aligned).toBe(false);
    expect(face.turned).toBe(degrees);
  }
});
