import type { Picture } from '../images/photo.ts';
import { MAX_CROP } from '../landmarks/face-search.ts';
import type { Box } from '../landmarks/landmark-detector.ts';
import { CROP_SIZE, MEAN_SHAPE } from '../landmarks/mean-shape.ts';
import { wholeOf } from '../landmarks/similarity.ts';

const MIN_SHARE = 1 / 3;
const MEAN_BOX = boundingBox(MEAN_SHAPE.flat());

/**
 * Finds the part of a picture that a face with known points fills, from which alignment starts. Points that span at least a third
 * of the picture lie on a crop, and the face fills it. Points that span less lie on one face of a photo; the crop is then a
 * square that relates to their bounding box as the square of the mean shape relates to the bounding box of the mean shape.
 *
 * @param points x0, y0, …, x67, y67 in pixels of the original picture, NaN for an unknown point
 */
export function cropOf(picture: Picture, points: ArrayLike<number>): Box {
  const whole = wholeOf(picture);
  const box = boundingBox(points);
  const longer = Math.max(whole.width, whole.height);
  const spread = Math.max(box.width, box.height);
  if (longer <= MAX_CROP || !(spread > 0 && spread < MIN_SHARE * longer)) return whole;
  const scale = Math.max(box.width / MEAN_BOX.width, box.height / MEAN_BOX.height);
  const side = CROP_SIZE * scale;
  return {
    x: box.x + box.width / 2 - scale * (MEAN_BOX.x + MEAN_BOX.width / 2),
    y: box.y + box.height / 2 - scale * (MEAN_BOX.y + MEAN_BOX.height / 2),
    width: side,
    height: side,
  };
}

/** Bounds the known points; without any, the sides are −Infinity. */
function boundingBox(points: ArrayLike<number>): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]];
    if (!Number.isFinite(x + y)) continue;
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
