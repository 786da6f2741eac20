import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { animationFrames } from '../../src/images/animation.ts';
import type { ImageSource } from '../../src/images/open-image.ts';
import { greyOf, type Photo } from '../../src/images/photo.ts';
import { openLandmarkDetector } from '../../src/landmarks/face-api-detector.ts';
import type { LandmarkDetector } from '../../src/landmarks/landmark-detector.ts';
import type { ExpressionModel } from '../../src/prediction/expression-model.ts';
import {
  type PredictedFrame,
  predictStream,
  type StreamOptions,
} from '../../src/prediction/predict-stream.ts';
import { someModel } from './models.ts';
import { emptyPhoto, samplePhoto, shifted } from './photos.ts';

let photo: Photo;
let model: ExpressionModel;
/** Photos that were searched for faces. */
let searched: Photo[];
beforeAll(async () => {
  photo = await samplePhoto(1);
  const faceApi = await openLandmarkDetector();
  const counting: LandmarkDetector = {
    ...faceApi,
    detect: (given) => {
      searched.push(given);
      return faceApi.detect(given);
    },
  };
  model = await someModel('similarity', counting);
});

async function predict(photos: Iterable<ImageSource>, options?: StreamOptions): Promise<PredictedFrame[]> {
  searched = [];
  const frames: PredictedFrame[] = [];
  for await (const frame of predictStream(model, photos, options)) frames.push(frame);
  return frames;
}

const moving = () => [0, 1, 2, 3].map((i) => shifted(photo, 4 * i, 2 * i));

test('without options, each frame is read on its own', async () => {
  const photos = moving();
  const frames = await predict(photos);
  expect(searched).toHaveLength(4);
  for (const [index, frame] of frames.entries()) {
    expect(frame).toMatchObject({ index, searched: true });
    expect(frame.photo).toBe(photos[index]);
    const alone = await model.predictFaces(photos[index], { thorough: false });
    expect(frame.faces.map(({ id: _, ...face }) => face)).toEqual(alone);
  }
});

describe('faces that move with the camera', () => {
  test('keep their numbers', async () => {
    const frames = await predict(moving());
    const starts = new Map(frames[0].faces.map(({ id, pose }) => [id, pose.noseTip]));
    expect([...starts.keys()]).toEqual([1, 2, 3]);
    for (const { index, faces } of frames) {
      expect(faces.map(({ id }) => id).toSorted()).toEqual([1, 2, 3]);
      for (const { id, pose } of faces) {
        const [x, y] = starts.get(id) ?? [0, 0];
        expect(Math.abs(pose.noseTip[0] - 4 * index - x)).toBeLessThan(8);
        expect(Math.abs(pose.noseTip[1] - 2 * index - y)).toBeLessThan(8);
      }
    }
  });

  test('average their own probabilities', async () => {
    const plain = await predict(moving());
    const smoothed = await predict(moving(), { smoothing: 3 });
    const happyOf = ({ faces }: PredictedFrame, id: number) =>
      faces.find((face) => face.id === id)?.probabilities.happy ?? Number.NaN;
    for (const id of [1, 2, 3]) {
      const three = plain.slice(1).map((frame) => happyOf(frame, id));
      expect(happyOf(smoothed[3], id)).toBeCloseTo((three[0] + three[1] + three[2]) / 3, 12);
      expect(happyOf(smoothed[0], id)).toBe(happyOf(plain[0], id));
    }
  });

  test('give the same numbers each time', async () => {
    const options = { everyFrames: 2, smoothing: 2 };
    const facesOf = async () => (await predict(moving(), options)).map(({ faces }) => faces);
    expect(await facesOf()).toEqual(await facesOf());
  });
});

describe('with a search in every third frame', () => {
  const still = () => [photo, photo, photo, photo, photo];

  test('a still picture gives equal predictions', async () => {
    const all = await predict(still());
    const some = await predict(still(), { everyFrames: 3 });
    expect(searched).toHaveLength(2);
    expect(some.map((frame) => frame.searched)).toEqual([true, false, false, true, false]);
    expect(some.map(({ faces }) => faces)).toEqual(all.map(({ faces }) => faces));
  });

  test('the network still sees every frame', async () => {
    const dark = { ...photo, pixels: photo.pixels.map((level, i) => (i % 7 === 0 ? 0 : level)) };
    const [first, second] = await predict([photo, dark], { everyFrames: 3 });
    expect(second.searched).toBe(false);
    expect(second.faces.map(({ box }) => box)).toEqual(first.faces.map(({ box }) => box));
    expect(second.faces[0].probabilities).not.toEqual(first.faces[0].probabilities);
  });

  test('gender and age are those of the last search', async () => {
    const [first, second] = await predict([photo, photo], { everyFrames: 2, attributes: true });
    expect(first.faces[0].attributes).toBeDefined();
    expect(second.faces).toEqual(first.faces);
  });

  test('a photo of another size is searched again', async () => {
    const frames = await predict([photo, emptyPhoto(320, 240), photo], { everyFrames: 3 });
    expect(frames.map(({ faces, searched }) => [faces.length, searched])).toEqual([
      [3, true],
      [0, true],
      [3, true],
    ]);
  });

  test('an empty frame stays empty until the next search', async () => {
    const nobody = emptyPhoto(photo.width, photo.height);
    const frames = await predict([nobody, photo, photo, photo], { everyFrames: 3 });
    expect(frames.map(({ faces }) => faces.length)).toEqual([0, 0, 0, 3]);
  });
});

test('a stream may be asynchronous and grey', async () => {
  async function* frames() {
    yield greyOf(photo);
  }
  const found: PredictedFrame[] = [];
  for await (const frame of predictStream(model, frames())) found.push(frame);
  expect(found.map(({ faces }) => faces.length)).toEqual([3]);
});

test.each([
  ['everyFrames', { everyFrames: 0 }],
  ['smoothing', { smoothing: 1.5 }],
])('an impossible %s is refused at once', (option, options) => {
  expect(() => predictStream(model, [], options)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', data: expect.objectContaining({ option }) }),
  );
});

test('an abort signal stops the stream', async () => {
  const abort = new AbortController();
  const frames = predictStream(model, moving(), { signal: abort.signal });
  expect((await frames.next()).done).toBe(false);
  abort.abort();
  await expect(frames.next()).rejects.toMatchObject({ code: 'ABORTED' });
});

test('a second model reads the same faces without another search', async () => {
  const also = await someModel('none');
  const seen: (readonly unknown[] | undefined)[] = [];
  const counting: ExpressionModel = {
    ...also,
    predictFaces: (source, options) => {
      seen.push(options?.located);
      return also.predictFaces(source, options);
    },
  };
  const frames = await predict(moving().slice(0, 2), { also: counting });
  expect(searched).toHaveLength(2);
  expect(seen.map((located) => located?.length)).toEqual(frames.map(({ faces }) => faces.length));
  for (const { photo: seenPhoto, faces, milliseconds } of frames) {
    const alone = await also.predictFaces(seenPhoto);
    expect(faces.map((face) => face.also?.probabilities)).toEqual(alone.map((face) => face.probabilities));
    expect(Object.values(milliseconds).every((time) => time >= 0)).toBe(true);
  }
});

test('the pictures of an animation are its frames', async () => {
  const photos = moving().slice(0, 2);
  const { width, height } = photo;
  const pixels = Buffer.concat(photos.map((one) => one.pixels));
  const raw = { width, height: 2 * height, channels: 3, pageHeight: height } as const;
  const file = await sharp(pixels, { raw })
    .webp({ lossless: true, delay: [40, 80] })
    .toBuffer();
  const expected = (await predict(photos)).map(({ faces }) => faces);
  const found: PredictedFrame[] = [];
  for await (const frame of predictStream(model, animationFrames(file))) found.push(frame);
  expect(found.map(({ faces }) => faces)).toEqual(expected);
});
