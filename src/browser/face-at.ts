import type { Point } from '../landmarks/face-pose.ts';
import type { LocatedFace } from '../landmarks/landmark-detector.ts';
import { CROP_SIZE, MEAN_SHAPE, NOSE_TIP } from '../landmarks/mean-shape.ts';

/**
 * Places an upright face where only its nose and its size are known: its landmarks are those of the mean face.
 *
 * @param nose the tip of the nose, pixels of the picture
 * @param side the side of the square that the face fills, from the brows to the chin, pixels
 */
export function faceAt([x, y]: Point, side: number): LocatedFace {
  const scale = side / CROP_SIZE;
  const [noseX, noseY] = MEAN_SHAPE[NOSE_TIP];
  const left = x - scale * noseX;
  const top = y - scale * noseY;
  return {
    box: { x: left, y: top, width: side, height: side },
    score: 1,
    points: Float32Array.from(MEAN_SHAPE.flatMap(([u, v]) => [left + scale * u, top + scale * v])),
  };
}
