import type { CropLayer } from '../network/spec.ts';

/**
 * Adds values of a crop, [height][width] as the network reads it, to the pixels of the frame that they come from.
 *
 * @param frame [frameSize][frameSize]
 */
export function addCrop(
  { x, y, width, height, mirror }: CropLayer,
  values: ArrayLike<number>,
  frame: Float64Array,
  frameSize: number,
): void {
  for (let row = 0, from = 0; row < height; row++) {
    const first = (y + row) * frameSize + x;
    for (let column = 0; column < width; column++, from++) {
      frame[first + (mirror ? width - 1 - column : column)] += values[from];
    }
  }
}
