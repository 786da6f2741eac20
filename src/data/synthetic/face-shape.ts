import { CROP_SIZE, MEAN_SHAPE, POINT_COUNT } from '../../landmarks/mean-shape.ts';
import type { Identity } from './identity.ts';

/**
 * The 68 points of a face (iBUG 300-W: Sagonas et al. 2013), x0, y0, x1, …, in face units: the mean face of FER2013 then fills a
 * square of 48 units, with the middle of the face at x = 24.
 */
export type FaceShape = Float64Array;

/** The x coordinate of the middle of the mean face. */
export const MIDLINE = CROP_SIZE / 2;

/** Downward shifts of lip points that close the mouth of the mean face, whose lips are slightly parted. */
const CLOSED_LIPS = new Map([
  [56, -0.3],
  [57, -0.35],
  [58, -0.3],
  [61, 0.05],
  [62, 0.1],
  [63, 0.05],
  [65, -1],
  [66, -1.1],
  [67, -1],
]);

export const x = (shape: FaceShape, point: number): number => shape[2 * point];
export const y = (shape: FaceShape, point: number): number => shape[2 * point + 1];

/** Makes the path through these points. */
export function along(shape: FaceShape, points: readonly number[]): number[] {
  const path: number[] = [];
  for (const point of points) path.push(x(shape, point), y(shape, point));
  return path;
}

/** Gives the point on the other side of the face; a point on the midline is its own mirror. */
export function mirrorPoint(point: number): number {
  if (point <= 16) return 16 - point;
  if (point <= 26) return 43 - point;
  if (point <= 30) return point;
  if (point <= 35) return 66 - point;
  if (point === 40 || point === 41 || point === 46 || point === 47) return 87 - point;
  if (point <= 45) return 81 - point;
  if (point <= 54) return 102 - point;
  if (point <= 59) return 114 - point;
  if (point <= 64) return 124 - point;
  return 132 - point;
}

/** Shapes a person's face at rest: stretches and moves the parts of the mean face. */
export function restingShape(identity: Identity): FaceShape {
  const shape = new Float64Array(2 * POINT_COUNT);
  MEAN_SHAPE.forEach(([x, y], point) => {
    const side = x < MIDLINE ? -1 : 1;
    const closed = y + (CLOSED_LIPS.get(point) ?? 0);
    const [outward, down] = moved(point, side * (x - MIDLINE), closed, identity);
    shape[2 * point] = MIDLINE + side * outward;
    shape[2 * point + 1] = down;
  });
  return shape;
}

const EYE = { x: 8.8, y: 17.9 };
const NOSE_ROOT = 18.5;
const LIPS = 36.6;

/** Positions a point of this person that has the offset `x` from the midline and the height `y` on the mean face. */
function moved(point: number, x: number, y: number, identity: Identity): [x: number, y: number] {
  const { face, eyes, brows, nose, mouth } = identity;
  if (point < 17) {
    const chin = Math.max(0, (y - 30) / 17); // 0 at the cheeks, 1 at the tip of the chin
    return [
      x * face.width * (1 + 2 * face.jaw * chin * (1 - chin)),
      NOSE_ROOT + (y - NOSE_ROOT) * face.length,
    ];
  }
  if (point < 27) {
    const outward = (x - EYE.x) / 5.5; // −1 at the inner end, 1 at the outer
    return [x * eyes.spread, y - brows.height - brows.tilt * outward];
  }
  if (point < 36) return [x * nose.width, NOSE_ROOT + (y - NOSE_ROOT) * nose.length];
  if (point < 48) {
    const outward = (x - EYE.x) / 3.4;
    return [
      EYE.x * eyes.spread + (x - EYE.x) * eyes.size,
      EYE.y + (y - EYE.y) * eyes.size * eyes.openness - eyes.slant * outward,
    ];
  }
  const outward = (x - 3) / 4; // 1 at the corners
  return [
    x * mouth.width,
    LIPS + (y - LIPS) * mouth.fullness + mouth.lower + mouth.droop * Math.max(-1, outward),
  ];
}
