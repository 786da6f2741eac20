/**
 * A map over the face frame: one number for each pixel. Patch maps, saliency and occlusion maps, region masks and maps
 * of what is known to be true are all of this form, so that each can be compared with each.
 */
export interface FaceGrid {
  /** Side of the face frame, pixels. */
  readonly size: number;
  /** Values of the pixels, [size][size], row by row from the upper left. What they mean is the map's to say. */
  readonly values: Float64Array;
}
