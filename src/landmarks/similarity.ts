import { originalSize, type Picture } from '../images/photo.ts';
import { FACE_FRAME, type FrameGeometry } from './frame-geometry.ts';
import type { Box } from './landmark-detector.ts';
import { CROP_SIZE, FIRST_INNER_POINT, meanShapeIn, POINT_COUNT } from './mean-shape.ts';

/**
 * A rotation, scaling and shift of the plane: `frame = [[a, −b], [b, a]] · image + [tx, ty]`. Coordinates are continuous
 * pixels from the upper left corner: the first pixel covers [0, 1) and has its centre at 0.5.
 */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

export interface Alignment {
  /** The transform from image pixels to frame pixels. */
  readonly similarity: Similarity;
  /** Root mean square distance of the inner points from the mean shape, frame pixels; NaN for unknown points. */
  readonly residual: number;
  /** Whether the points were not trusted, so that the crop is not aligned. */
  readonly fallback: boolean;
}

const COS_OF_MAX_ROLL = 0.766044443118978; // 40 degrees
const SIN_OF_MAX_ROLL = 0.6427876096865394;
/** Bounds of the scale, relative to the scale of the crop without alignment. */
const MIN_SCALE = 0.6;
const MAX_SCALE = 1.6;

/**
 * Maximum root mean square distance from the mean shape of trusted points, frame pixels. On FER2013 the median is 1.1 and 95 %
 * stay below 3.2; wide-open mouths and half-profiles reach 3.5 and still gain from the fit, while above 4 (3.7 % of the faces)
 * most points are on hidden faces, full profiles or no face at all.
 */
const MAX_RESIDUAL = 4;

/** Gives the box of a whole image, in pixels of its original. */
export function wholeOf(image: Picture): Box {
  return { x: 0, y: 0, ...originalSize(image) };
}

/** Centres the crop and scales its longer side to the square inside the border. */
export function cropAsIs(crop: Box, frame: FrameGeometry = FACE_FRAME): Similarity {
  const scale = asIsScale(crop, frame);
  return {
    a: scale,
    b: 0,
    tx: frame.size / 2 - scale * (crop.x + crop.width / 2),
    ty: frame.size / 2 - scale * (crop.y + crop.height / 2),
  };
}

/**
 * Fits the least-squares similarity from the inner points (17–67) of a face to the mean shape, in closed form and without
 * reflection (Umeyama 1991, equations 40–42, which in the plane need no decomposition). It limits the roll to ±40 degrees and the
 * scale to 0.6 to 1.6 times that of `cropAsIs`; the centroids still meet. If the points are not finite, coincide, or are too far
 * from the mean shape, it falls back to `cropAsIs`.
 *
 * @param points x0, y0, …, x67, y67 in pixels of the image
 * @param crop the part of the image that the face fills: all of a tight crop, the detector's box in a photo
 */
export function fitSimilarity(
  points: ArrayLike<number>,
  crop: Box = { x: 0, y: 0, width: CROP_SIZE, height: CROP_SIZE },
  frame: FrameGeometry = FACE_FRAME,
): Alignment {
  const target = meanShapeIn(frame);
  const from = centroid(points);
  const to = centroid(target);
  let along = 0;
  let across = 0;
  let spread = 0;
  for (let i = FIRST_INNER_POINT; i < POINT_COUNT; i++) {
    const x = points[2 * i] - from.x;
    const y = points[2 * i + 1] - from.y;
    const u = target[2 * i] - to.x;
    const v = target[2 * i + 1] - to.y;
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  }
  const { a, b } = withinBounds(along / spread, across / spread, asIsScale(crop, frame));
  const similarity = { a, b, tx: to.x - a * from.x + b * from.y, ty: to.y - b * from.x - a * from.y };
  const residual = rootMeanSquareDistance(points, target, similarity);
  return residual <= MAX_RESIDUAL
    ? { similarity, residual, fallback: false }
    : { similarity: cropAsIs(crop, frame), residual, fallback: true };
}

/** Transforms a point. */
export function applySimilarity({ a, b, tx, ty }: Similarity, x: number, y: number): [x: number, y: number] {
  return [a * x - b * y + tx, b * x + a * y + ty];
}

/** Combines two similarities: applies `second`, then `first`. */
export function compose(first: Similarity, second: Similarity): Similarity {
  const [tx, ty] = applySimilarity(first, second.tx, second.ty);
  return {
    a: first.a * second.a - first.b * second.b,
    b: first.b * second.a + first.a * second.b,
    tx,
    ty,
  };
}

/** Inverts a similarity: from frame pixels to image pixels, to draw a patch on the original. */
export function inverse({ a, b, tx, ty }: Similarity): Similarity {
  const square = a * a + b * b;
  return {
    a: a / square,
    b: -b / square,
    tx: -(a * tx + b * ty) / square,
    ty: (b * tx - a * ty) / square,
  };
}

function asIsScale(crop: Box, frame: FrameGeometry): number {
  return (frame.size - 2 * frame.border) / Math.max(crop.width, crop.height);
}

function withinBounds(a: number, b: number, asIs: number): { a: number; b: number } {
  const scale = Math.sqrt(a * a + b * b);
  const bounded = Math.min(Math.max(scale, MIN_SCALE * asIs), MAX_SCALE * asIs);
  if (a < COS_OF_MAX_ROLL * scale) {
    return {
      a: bounded * COS_OF_MAX_ROLL,
      b: b < 0 ? -bounded * SIN_OF_MAX_ROLL : bounded * SIN_OF_MAX_ROLL,
    };
  }
  return { a: (a / scale) * bounded, b: (b / scale) * bounded };
}

function centroid(points: ArrayLike<number>): { x: number; y: number } {
  let x = 0;
  let y = 0;
  for (let i = FIRST_INNER_POINT; i < POINT_COUNT; i++) {
    x += points[2 * i];
    y += points[2 * i + 1];
  }
  const count = POINT_COUNT - FIRST_INNER_POINT;
  return { x: x / count, y: y / count };
}

function rootMeanSquareDistance(
  points: ArrayLike<number>,
  target: Float64Array,
  similarity: Similarity,
): number {
  let sum = 0;
  for (let i = FIRST_INNER_POINT; i < POINT_COUNT; i++) {
    const [x, y] = applySimilarity(similarity, points[2 * i], points[2 * i + 1]);
    const dx = x - target[2 * i];
    const dy = y - target[2 * i + 1];
    sum += dx * dx + dy * dy;
  }
  return Math.sqrt(sum / (POINT_COUNT - FIRST_INNER_POINT));
}
