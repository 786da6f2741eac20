import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import { greyOf, type Photo } from '../../src/images/photo.ts';
import { alignFace } from '../../src/landmarks/alignment.ts';
import { openLandmarkDetector } from '../../src/landmarks/face-api-detector.ts';
import { renderFrame } from '../../src/landmarks/frame.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import type { LandmarkDetector } from '../../src/landmarks/landmark-detector.ts';
import { applySimilarity, cropAsIs, wholeOf } from '../../src/landmarks/similarity.ts';
import type { ExpressionModel } from '../../src/prediction/expression-model.ts';
import { predictionOf } from '../../src/prediction/prediction.ts';
import { someModel } from './models.ts';
import { cut, emptyPhoto, sampleFile, samplePhoto } from './photos.ts';

const PIXELS = 64 * 64;

let model: ExpressionModel;
let photo: Photo;
beforeAll(async () => {
  model = await someModel();
  photo = await samplePhoto(1);
});

/** A detector that must not be asked. */
const never: LandmarkDetector = {
  version: 'never',
  detect: () => Promise.reject(new Error('detect was called')),
  locate: () => Promise.reject(new Error('locate was called')),
  attributesOf: () => Promise.reject(new Error('attributesOf was called')),
};

describe('predictFrames', () => {
  const random = randomStream('frames');
  const frames = Uint8Array.from({ length: 70 * PIXELS }, () => Math.floor(256 * random.uniform()));

  test('runs the network on the frames', () => {
    const samples = { frames, labels: new Uint8Array(70), frameSize: 64, classes: 7 };
    const direct = model.network.predict(
      samples,
      Uint32Array.from({ length: 70 }, (_, i) => i),
    );
    expect(model.predictFrames(frames)).toEqual(direct);
    expect(direct).toHaveLength(70 * 7);
  });

  test('reads an array again that was filled again', () => {
    const reused = frames.slice(0, PIXELS);
    const first = model.predictFrames(reused);
    reused.set(frames.subarray(PIXELS, 2 * PIXELS));
    const second = model.predictFrames(reused);
    expect(second).toEqual(model.predictFrames(frames.slice(PIXELS, 2 * PIXELS)));
    expect(second).not.toEqual(first);
  });

  test.each([null, undefined, [1, 2], 'path'])('refuses %j', (given) => {
    expect(() => model.predictFrames(given as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_DATA',
        data: expect.objectContaining({ hint: expect.any(String) }),
      }),
    );
  });

  test('returns nothing for no frames, and refuses part of one', () => {
    expect(model.predictFrames(new Uint8Array(0))).toHaveLength(0);
    expect(() => model.predictFrames(new Uint8Array(PIXELS - 1))).toThrow(
      expect.objectContaining({ code: 'INVALID_DATA', message: expect.stringContaining('given: 4095') }),
    );
  });
});

describe('predict', () => {
  const crop = () => cut(photo, 260, 150, 100, 90);

  test('aligns the face by its landmarks', async () => {
    const { points } = await (await openLandmarkDetector()).locate(crop());
    const { similarity, fallback } = alignFace('similarity', wholeOf(crop()), points);
    expect(fallback).toBe(false);
    const frame = renderFrame(greyOf(crop()), similarity);
    const prediction = await model.predict(crop());
    expect(prediction).toEqual(predictionOf(model.predictFrames(frame), model.classes));
    expect(Object.keys(prediction.probabilities)).toEqual(model.classes);
    const total = Object.values(prediction.probabilities).reduce((sum, share) => sum + share, 0);
    expect(total).toBeCloseTo(1, 5);
    expect(prediction.probability).toBe(Math.max(...Object.values(prediction.probabilities)));
    expect(prediction.probabilities[prediction.label]).toBe(prediction.probability);
  });

  test('without alignment asks no detector', async () => {
    const plain = await someModel('none', never);
    const frame = renderFrame(greyOf(crop()), cropAsIs(wholeOf(crop())));
    expect(await plain.predict(crop())).toEqual(predictionOf(plain.predictFrames(frame), plain.classes));
    await expect((await someModel('nose', never)).predict(crop())).rejects.toThrow('locate was called');
  });

  test('reads file, bytes, pixels and grey levels alike', async () => {
    const plain = await someModel('none', never);
    const bytes = await readFile(sampleFile(2));
    const pixels = await decodePhoto(bytes);
    const expected = await plain.predict(pixels);
    expect(await plain.predict(sampleFile(2))).toEqual(expected);
    expect(await plain.predict(bytes)).toEqual(expected);
    expect(await plain.predict(greyOf(pixels))).toEqual(expected);
  });

  test.each([
    ['too few pixels', { pixels: new Uint8Array(11), width: 2, height: 2 }],
    ['no pixels', { pixels: new Uint8Array(0), width: 0, height: 0 }],
    ['a broken width', { pixels: new Uint8Array(3), width: 0.5, height: 2 }],
    ['levels beyond 255', { pixels: [0, 256, 3, 4], width: 2, height: 2 }],
    ['levels that are fractions of 1', { pixels: [0, 0.5, 1, 0.2], width: 2, height: 2 }],
    ['levels that are none', { pixels: [0, Number.NaN, 3, 4], width: 2, height: 2 }],
    ['bytes of no image', new Uint8Array(100)],
    ['nothing', new Uint8Array(0)],
  ])('refuses %s', async (_what, source) => {
    await expect(model.predict(source)).rejects.toMatchObject({ code: 'INVALID_IMAGE' });
  });

  test.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [7, 'a number'],
    [[1, 2], 'an array of 2'],
    [{}, 'an empty object'],
    [{ data: null, width: 2, height: 2 }, 'an object with data, width, height'],
    [new Map(), 'an instance of Map'],
  ])('says what %j is instead of a picture', async (source, given) => {
    const expected = { code: 'INVALID_IMAGE', data: { given, hint: expect.stringContaining('ImageData') } };
    await expect(model.predict(source as never)).rejects.toMatchObject(expected);
    await expect(model.predictFaces(source as never)).rejects.toMatchObject(expected);
  });

  test('takes the pixels of a canvas, and bytes in an ArrayBuffer', async () => {
    const plain = await someModel('none', never);
    const { pixels, width, height } = crop();
    const data = new Uint8ClampedArray(4 * width * height).fill(255);
    for (let i = 0; i < width * height; i++) data.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
    expect(await plain.predict({ data, width, height })).toEqual(await plain.predict(crop()));
    const transparent = data.map((level, i) => (i % 4 === 3 ? 0 : level));
    const black = { pixels: new Uint8Array(pixels.length), width, height };
    expect(await plain.predict({ data: transparent, width, height })).toEqual(await plain.predict(black));
    const bytes = await readFile(sampleFile(2));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    expect(await plain.predict(buffer)).toEqual(await plain.predict(bytes));
  });

  test('refuses a missing file', async () => {
    await expect(model.predict('/nowhere/face.png')).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
      data: { file: '/nowhere/face.png' },
    });
  });
});

describe('predictFaces', () => {
  test('finds every face, the highest score first', async () => {
    const faces = await model.predictFaces(photo);
    expect(faces).toHaveLength(3);
    const scores = faces.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const frames = new Uint8Array(3 * PIXELS);
    for (const [i, face] of faces.entries()) {
      const { similarity, fallback } = alignFace('similarity', face.box, face.points);
      expect(face).toMatchObject({ similarity, aligned: !fallback });
      expect(face.attributes).toBeUndefined();
      renderFrame(greyOf(photo), similarity, FACE_FRAME, frames.subarray(i * PIXELS));
      const { box, pose } = face;
      const [noseX, noseY] = pose.noseTip;
      expect(noseX).toBeGreaterThan(box.x + 0.2 * box.width);
      expect(noseX).toBeLessThan(box.x + 0.8 * box.width);
      expect(noseY).toBeGreaterThan(box.y + 0.2 * box.height);
      expect(noseY).toBeLessThan(box.y + 0.9 * box.height);
      expect(face.patches.map(({ patch }) => patch)).toEqual([0, 0, 1]);
      // The mouth's patch holds the mouth, and the patch of an eye that eye.
      const inside = (point: readonly [number, number], patch: number) => {
        const [x, y] = applySimilarity(similarity, ...point);
        const [from, , to] = face.patches[patch].corners.map((corner) =>
          applySimilarity(similarity, ...corner),
        );
        return x > from[0] && x < to[0] && y > from[1] && y < to[1];
      };
      expect(inside([face.points[2 * 66], face.points[2 * 66 + 1]], 2)).toBe(true);
      expect(inside(pose.leftEye, 0)).toBe(true);
      expect(inside(pose.rightEye, 1)).toBe(true);
    }
    const probabilities = model.predictFrames(frames);
    for (const [i, face] of faces.entries()) {
      expect(face).toMatchObject(predictionOf(probabilities.subarray(7 * i, 7 * i + 7), model.classes));
    }
  });

  test('gives gender and age on request', async () => {
    const [face] = await model.predictFaces(photo, { attributes: true });
    expect(face.attributes?.gender).toBe('female');
    expect(face.attributes?.genderProbability).toBeGreaterThan(0.5);
    expect(face.attributes?.age).toBeGreaterThan(15);
    expect(face.attributes?.age).toBeLessThan(50);
  });

  test('finds no face in an empty photo', async () => {
    expect(await model.predictFaces(emptyPhoto(320, 240))).toEqual([]);
  });

  test('gives coordinates in pixels of the original of a reduced photo', async () => {
    const original = { width: 2 * photo.width, height: 2 * photo.height };
    const reduced = await model.predictFaces({ ...photo, original });
    const whole = await model.predictFaces(photo);
    expect(reduced.map(({ box }) => box.width)).toEqual(whole.map(({ box }) => 2 * box.width));
    expect(reduced.map(({ label }) => label)).toEqual(whole.map(({ label }) => label));
  });

  test('treats a small picture as a face', async () => {
    const faces = await model.predictFaces(cut(photo, 260, 150, 100, 90));
    expect(faces).toHaveLength(1);
    expect(faces[0]).toMatchObject({ box: { x: 0, y: 0, width: 100, height: 90 }, score: 1 });
  });

  test('does not search for known faces', async () => {
    const located = await model.predictFaces(photo);
    expect(await (await someModel('similarity', never)).predictFaces(photo, { located })).toEqual(located);
  });

  test.each([[7], [[{}]], [[{ box: { x: 0, y: 0, width: 9, height: 9 }, points: [1, 2] }]]])(
    'refuses %j as located faces',
    async (located) => {
      await expect(model.predictFaces(photo, { located: located as never })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        data: { option: 'located' },
      });
    },
  );

  test('says which faces could not be aligned', async () => {
    const [face] = await model.predictFaces(photo);
    const located = [{ ...face, points: new Float32Array(136) }];
    const [found] = await model.predictFaces(photo, { located });
    expect(found).toMatchObject({ aligned: false, similarity: cropAsIs(face.box) });
  });

  test('stops on an abort signal', async () => {
    await expect(model.predictFaces(photo, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
