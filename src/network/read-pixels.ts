import type { CropLayer, NetworkSpec } from './spec.ts';

/** Marks the pixels of a square frame inside at least one rectangle: 1 or 0, [size][size]. */
export function pixelsInside(
  rectangles: Iterable<{
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }>,
  size: number,
): Uint8Array {
  const inside = new Uint8Array(size * size);
  for (const { x, y, width, height } of rectangles) {
    const [left, right] = [Math.max(x, 0), Math.min(x + width, size)];
    for (let row = Math.max(y, 0); row < Math.min(y + height, size); row++) {
      if (left < right) inside.fill(1, row * size + left, row * size + right);
    }
  }
  return inside;
}

/** Marks the pixels of the frame that a network reads: 1 or 0, [size][size]. */
export function readPixels({ layers, frameSize }: NetworkSpec): Uint8Array {
  return pixelsInside(
    layers.filter((layer) => layer.kind === 'crop'),
    frameSize,
  );
}

/** Counts the marked pixels. */
export function countPixels(marked: Uint8Array): number {
  let count = 0;
  for (let pixel = 0; pixel < marked.length; pixel++) count += marked[pixel];
  return count;
}

/** Adds values that a crop reads, [height][width], to the pixels of the frame that they come from, [size][size]. */
export function addCrop(
  { x, y, width, height, mirror }: CropLayer,
  values: ArrayLike<number>,
  frame: Float64Array,
  size: number,
): void {
  for (let row = 0, from = 0; row < height; row++) {
    const first = (y + row) * size + x;
    for (let column = 0; column < width; column++, from++) {
      frame[first + (mirror ? width - 1 - column : column)] += values[from];
    }
  }
}
