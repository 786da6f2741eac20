import type { Point } from '../landmarks/face-pose.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { applySimilarity, inverse, type Similarity } from '../landmarks/similarity.ts';
import type { Genome } from './genome.ts';
import { rectanglesOf } from './patches.ts';

/** A patch on a photo: a rectangle of the frame that is rotated and scaled like the face. */
export interface PatchQuadrilateral {
  /** Index of the patch in the canonical genome; both halves of a mirrored pair have the same. */
  readonly patch: number;
  /** Corners in pixels of the photo: the upper left one of the frame, then upper right, lower right, lower left. */
  readonly corners: readonly [Point, Point, Point, Point];
}

/** Locates the patches of a canonical genome on the photo of a face. */
export function patchQuadrilaterals(
  genome: Genome,
  frame: FrameGeometry,
  similarity: Similarity,
): PatchQuadrilateral[] {
  const back = inverse(similarity);
  return genome.patches.flatMap((patch, index) =>
    rectanglesOf(patch, frame).map(({ x, y, width, height }): PatchQuadrilateral => {
      const corner = (column: number, row: number): Point => applySimilarity(back, column, row);
      return {
        patch: index,
        corners: [corner(x, y), corner(x + width, y), corner(x + width, y + height), corner(x, y + height)],
      };
    }),
  );
}
