import { expect, it } from 'vitest';
import type { LandmarkDetector } from '../../src/index.ts';
import { openLandmarkDetector } from '../../src/landmarks/face-api-detector.ts';
import { checkLandmarkDetector } from '../../src/testing/index.ts';
import { samplePhoto } from '../landmarks/photos.ts';
import { toyDetector } from './toy-detector.ts';

it('passes a detector of a few lines, and face-api', async () => {
  await checkLandmarkDetector(toyDetector);
  await checkLandmarkDetector(await openLandmarkDetector(), [await samplePhoto(1)]);
});

const { detect, locate } = toyDetector;
let asked = 0;
const faulty: [string, Partial<LandmarkDetector>][] = [
  ['version', { version: '' }],
  ['an array', { detect: async () => undefined as never }],
  [
    'detect: a box',
    {
      detect: async (photo) =>
        (await detect(photo)).map((face) => ({ ...face, box: { x: 0, y: 0, width: 0, height: 1 } })),
    },
  ],
  [
    'locate: points',
    { locate: async (photo) => ({ ...(await locate(photo)), points: new Float32Array(10) }) },
  ],
  [
    'detect: a score',
    { detect: async (photo) => (await detect(photo)).map((face) => ({ ...face, score: 87 })) },
  ],
  [
    'the highest score first',
    { detect: async (photo) => [{ ...(await locate(photo)), score: 0.1 }, await locate(photo)] },
  ],
  [
    'leave the pixels',
    {
      locate: async (photo) => {
        photo.pixels[0] ^= 1;
        return locate(photo);
      },
    },
  ],
  ['the same face', { locate: async (photo) => ({ ...(await locate(photo)), score: 1 / ++asked }) }],
  [
    'attributesOf: the gender',
    { attributesOf: async () => ({ gender: 'f' as never, genderProbability: 1, age: 9 }) },
  ],
  ['turnOf', { turnOf: async () => 45 as never }],
];
it.each(faulty)('says what is wrong: %s', async (problem, part) => {
  await expect(checkLandmarkDetector({ ...toyDetector, ...part })).rejects.toMatchObject({
    name: 'AssertionError',
    message: expect.stringContaining(problem),
  });
});
