import type { Picture } from '../images/photo.ts';
import type { Box } from '../landmarks/landmark-detector.ts';
import { CROP_SIZE, MEAN_SHAPE } from '../landmarks/mean-shape.ts';
import { wholeOf } from '../landmarks/similarity.ts';

/** Longest side of a picture that is taken for a crop of one face whatever its points say, pixels. */
const MAX_CROP = 128;
const MIN_SHARE = 1 / 3;
const MEAN_BOX = boundingBox(MEAN_SHAPE.flat());

/**
 * The part of a picture that a face with given points fills, which its alignment starts from. Points that span a third
 * of the picture or more lie on a crop, and the face fills it. Points that span less lie on one face of a photo: around
 * them a square is drawn that relates to their bounding box as the square of the mean shape to the mean shape's.
 *
 * @param points x0, y0, …, x67, y67 in pixels of the original picture, NaN where unknown.
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

/** Of the known points; its sides are −Infinity where none is known. */
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
