import { expect, test } from 'vitest';
import { poseOf } from '../../src/landmarks/face-pose.ts';
import type { Box } from '../../src/landmarks/landmark-detector.ts';
import { FaceFollower, overlapOf } from '../../src/prediction/follow-faces.ts';
import { type PredictedFace, predictionOf } from '../../src/prediction/prediction.ts';

const CLASSES = ['happy', 'sad'];
const points = new Float32Array(136);

function face(x: number, happy: number, rest: Partial<PredictedFace> = {}): PredictedFace {
  const similarity = { a: 1, b: 0, tx: 0, ty: 0 };
  const where = { box: { x, y: 0, width: 100, height: 100 }, score: 1, points, pose: poseOf(points) };
  return {
    ...where,
    aligned: true,
    similarity,
    ...predictionOf([happy, 1 - happy], CLASSES),
    patches: [],
    ...rest,
  };
}

test.each<[Box, number]>([
  [{ x: 0, y: 0, width: 10, height: 10 }, 1],
  [{ x: 5, y: 0, width: 10, height: 10 }, 50 / 150],
  [{ x: 5, y: 5, width: 5, height: 5 }, 0.25],
  [{ x: 10, y: 0, width: 10, height: 10 }, 0],
  [{ x: 20, y: 20, width: 10, height: 10 }, 0],
])('the overlap with %j is %f', (box, overlap) => {
  expect(overlapOf({ x: 0, y: 0, width: 10, height: 10 }, box)).toBeCloseTo(overlap, 12);
});

test('faces keep their numbers while they move, in any order of detection', () => {
  const follower = new FaceFollower(1);
  expect(follower.follow([face(0, 1), face(200, 0)], 0).map(({ id }) => id)).toEqual([1, 2]);
  expect(follower.follow([face(220, 0), face(20, 1)], 1).map(({ id }) => id)).toEqual([2, 1]);
  expect(follower.follow([face(40, 1), face(500, 1), face(240, 0)], 2).map(({ id }) => id)).toEqual([
    1, 3, 2,
  ]);
});

test('the pair with the largest overlap is matched', () => {
  const follower = new FaceFollower(1);
  follower.follow([face(0, 1), face(40, 0)], 0);
  // Both overlap the second face; the nearer one takes it, and the first is left for the other.
  expect(follower.follow([face(30, 1), face(42, 0)], 1).map(({ id }) => id)).toEqual([1, 2]);
});

test('probabilities of each face are averaged over its latest frames', () => {
  const follower = new FaceFollower(3);
  const happiness = (frame: number, first: number, second: number) =>
    follower
      .follow([face(0, first), face(300, second)], frame)
      .map(({ probabilities }) => probabilities.happy);
  expect(happiness(0, 0.9, 0.1)).toEqual([0.9, 0.1]);
  expect(happiness(1, 0.3, 0.1)).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.1, 12)]);
  expect(happiness(2, 0.3, 0.4)).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.2, 12)]);
  expect(happiness(3, 0.3, 0.4)).toEqual([expect.closeTo(0.3, 12), expect.closeTo(0.3, 12)]);
});

test('the label follows the mean', () => {
  const follower = new FaceFollower(2);
  follower.follow([face(0, 0.9)], 0);
  const [smoothed] = follower.follow([face(0, 0.4)], 1);
  expect(smoothed).toMatchObject({ label: 'happy', probability: expect.closeTo(0.65, 12) });
});

test('a missing face keeps its number only within the frames of the smoothing', () => {
  const follower = new FaceFollower(3);
  follower.follow([face(0, 1)], 0);
  follower.follow([], 1);
  follower.follow([], 2);
  expect(follower.follow([face(0, 0.5)], 3)[0]).toMatchObject({ id: 1, probability: 0.5 });
  for (const frame of [4, 5, 6]) follower.follow([], frame);
  expect(follower.follow([face(0, 1)], 7)[0].id).toBe(2);
});

test('gender and age stay with a face', () => {
  const attributes = { gender: 'female', genderProbability: 0.9, age: 30 } as const;
  const follower = new FaceFollower(1);
  follower.follow([face(0, 1, { attributes }), face(300, 1)], 0);
  const [first, second] = follower.follow([face(0, 1), face(300, 1)], 1);
  expect(first.attributes).toEqual(attributes);
  expect(second).not.toHaveProperty('attributes');
});

test('predictions of a second model are smoothed too', () => {
  const follower = new FaceFollower(2);
  const gender = (female: number) => ({ also: predictionOf([female, 1 - female], ['female', 'male']) });
  follower.follow([face(0, 1, gender(0.25))], 0);
  const [followed] = follower.follow([face(0, 0, gender(1))], 1);
  expect(followed.probabilities).toEqual({ happy: 0.5, sad: 0.5 });
  expect(followed.also).toEqual({
    label: 'female',
    probability: 0.625,
    probabilities: { female: 0.625, male: 0.375 },
  });
});
