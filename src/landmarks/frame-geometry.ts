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

/** The frame that every data set is brought to: a 48×48 face within a border of 8. */
export const FACE_FRAME: FrameGeometry = { size: 64, border: 8, noseX: 32, noseY: 37 };
