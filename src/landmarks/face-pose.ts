import { atan2 } from '../core/portable-math.ts';
import { NOSE_TIP } from './mean-shape.ts';

/** Where the parts of a face are and how it is rotated. Left and right are those of the picture. */
export interface FacePose {
  /** Pixels of the photo. */
  readonly noseTip: Point;
  /** Mean of the points around the eye, pixels of the photo. */
  readonly leftEye: Point;
  readonly rightEye: Point;
  /** Rotation in the plane of the picture, degrees in (−180, 180]; clockwise is positive. */
  readonly roll: number;
  /** Distance between the eyes, pixels of the photo. */
  readonly eyeDistance: number;
}

/** Pixels from the left and the upper edge. */
export type Point = readonly [x: number, y: number];

/** The first point of each feature, and the end (exclusive). */
const FEATURES = { leftEye: [36, 42], rightEye: [42, 48], mouth: [48, 68] } as const;

/** @param points x0, y0, …, x67, y67 of the 68-point scheme, pixels of the photo. */
export function poseOf(points: ArrayLike<number>): FacePose {
  const leftEye = featureCentre(points, 'leftEye');
  const rightEye = featureCentre(points, 'rightEye');
  return {
    noseTip: [points[2 * NOSE_TIP], points[2 * NOSE_TIP + 1]],
    leftEye,
    rightEye,
    roll: (180 / Math.PI) * atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0]),
    eyeDistance: distance(leftEye, rightEye),
  };
}

/** Computes the mean of a feature's points. */
export function featureCentre(points: ArrayLike<number>, feature: keyof typeof FEATURES): Point {
  const [start, end] = FEATURES[feature];
  let x = 0;
  let y = 0;
  for (let i = start; i < end; i++) {
    x += points[2 * i];
    y += points[2 * i + 1];
  }
  return [x / (end - start), y / (end - start)];
}

export function distance(a: Point, b: Point): number {
  const [dx, dy] = [a[0] - b[0], a[1] - b[1]];
  return Math.sqrt(dx * dx + dy * dy);
}
