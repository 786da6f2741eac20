import { FACE_FRAME, type FrameGeometry } from './frame-geometry.ts';
import type { Box } from './landmark-detector.ts';
import { NOSE_TIP } from './mean-shape.ts';
import { type Alignment, cropAsIs, fitSimilarity } from './similarity.ts';

/**
 * How a face is aligned to its frame: `none` leaves the crop as it is and assumes a fixed position of the nose; `nose` moves the
 * tip of the nose to that position; `similarity` also rotates and scales, by all inner landmarks.
 */
export const ALIGNMENTS = ['none', 'nose', 'similarity'] as const;
export type AlignmentMethod = (typeof ALIGNMENTS)[number];

/**
 * Computes the transform from a photo to the face frame. If the method needs points and there are none to trust, it leaves the
 * crop as it is, and the residual is NaN.
 *
 * @param crop the part of the photo that the face fills: all of a tight crop, the detector's box in a photo; pixels
 * @param points x0, y0, …, x67, y67 in pixels of the photo
 */
export function alignFace(
  method: AlignmentMethod,
  crop: Box,
  points: ArrayLike<number> | undefined,
  frame: FrameGeometry = FACE_FRAME,
): Alignment {
  const asIs = { similarity: cropAsIs(crop, frame), residual: Number.NaN };
  if (method === 'none') return { ...asIs, fallback: false };
  if (points === undefined) return { ...asIs, fallback: true };
  if (method === 'similarity') return fitSimilarity(points, crop, frame);
  const { a, b } = asIs.similarity;
  const tx = frame.noseX - a * points[2 * NOSE_TIP];
  const ty = frame.noseY - a * points[2 * NOSE_TIP + 1];
  if (!Number.isFinite(tx + ty)) return { ...asIs, fallback: true };
  return { similarity: { a, b, tx, ty }, residual: Number.NaN, fallback: false };
}
