/**
 * The face frame: an S×S canvas of 8-bit grey in canonical coordinates. A face fills the square inside the border; its
 * nose lies on the corner of four pixels, `noseX` columns from the left edge and `noseY` rows from the top.
 */
export interface FrameGeometry {
  /** Side of the whole canvas, pixels. */
  readonly size: number;
  /** Width of the border around the face's square, pixels. */
  readonly border: number;
  /** Columns left of the nose; half the size, so that flipping a frame keeps the nose in place. */
  readonly noseX: number;
  /** Rows above the nose. */
  readonly noseY: number;
}

/** The frame of every data set: a 48×48 face within a border of 8. */
export const FACE_FRAME: FrameGeometry = { size: 64, border: 8, noseX: 32, noseY: 37 };

/**
 * A map over the face frame with one number for each pixel. Patch maps, saliency and occlusion maps, region masks and maps of the
 * known truth all have this form, so that any two can be compared.
 */
export interface FaceGrid {
  /** Side of the face frame, pixels. */
  readonly size: number;
  /** Values of the pixels, [size][size], row by row from the upper left. Their meaning depends on the map. */
  readonly values: Float64Array;
}
