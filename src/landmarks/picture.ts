import { EvopatchError } from '../core/errors.ts';
import type { Photo } from '../images/photo.ts';
import type { Box } from './landmark-detector.ts';

/** A part of a photo, reduced by a whole factor. */
export interface Picture {
  /** [height][width][3], 0–255. */
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Side of the square of photo pixels that one pixel averages. */
  readonly factor: number;
}

/**
 * Cuts a box out of a photo and averages blocks of it, so that its longer side stays below twice `size`: a network that scales
 * its input to `size` by bilinear interpolation then skips no pixel, and a large photo costs little more than a small one. Blocks
 * at the right and lower edges average the remaining pixels.
 *
 * @param box whole pixels inside the photo
 */
export function cutPicture({ pixels, width: stride }: Photo, box: Box, size: number): Picture {
  const factor = Math.max(1, Math.floor(Math.max(box.width, box.height) / size));
  const width = Math.ceil(box.width / factor);
  const height = Math.ceil(box.height / factor);
  const values = new Float32Array(3 * width * height);
  for (let y = 0; y < box.height; y++) {
    const row = 3 * width * Math.floor(y / factor);
    let from = 3 * ((box.y + y) * stride + box.x);
    for (let column = 0; column < width; column++) {
      const to = row + 3 * column;
      const end = from + 3 * Math.min(factor, box.width - column * factor);
      for (; from < end; from += 3) {
        values[to] += pixels[from];
        values[to + 1] += pixels[from + 1];
        values[to + 2] += pixels[from + 2];
      }
    }
  }
  if (factor > 1) {
    for (let y = 0, i = 0; y < height; y++) {
      const rows = Math.min(factor, box.height - y * factor);
      for (let x = 0; x < width; x++) {
        const count = rows * Math.min(factor, box.width - x * factor);
        for (const end = i + 3; i < end; i++) values[i] /= count;
      }
    }
  }
  return { values, width, height, factor };
}

/** The square input of a network, with the transform back to the photo. */
export interface SquarePicture extends Picture {
  /** Converts a point of the square, in pixels from its left and upper edges, to the photo. */
  toPhoto(x: number, y: number): [x: number, y: number];
}

/**
 * Draws a box of a photo into a square, with the box in its middle and black around it: bilinear between the centres of pixels,
 * from `cutPicture`. face-api's own scaling confuses edges and centres of pixels, which moves a face of 48 pixels by a quarter of
 * a pixel and increases the errors of its landmarks by half.
 *
 * @param box whole pixels inside the photo
 */
export function squarePicture(photo: Photo, box: Box, size: number): SquarePicture {
  const { values: from, width, height, factor } = cutPicture(photo, box, size);
  const scale = Math.max(width, height) / size;
  const startX = (width - scale * size) / 2;
  const startY = (height - scale * size) / 2;
  const values = new Float32Array(3 * size * size);
  for (let row = 0; row < size; row++) {
    const y = startY + scale * (row + 0.5);
    if (y < 0 || y >= height) continue;
    const [top, bottom, below] = between(y, height);
    for (let column = 0; column < size; column++) {
      const x = startX + scale * (column + 0.5);
      if (x < 0 || x >= width) continue;
      const [left, right, weight] = between(x, width);
      const to = 3 * (row * size + column);
      for (let channel = 0; channel < 3; channel++) {
        const at = (row: number, column: number) => from[3 * (row * width + column) + channel];
        const upper = at(top, left) + weight * (at(top, right) - at(top, left));
        const lower = at(bottom, left) + weight * (at(bottom, right) - at(bottom, left));
        values[to + channel] = upper + below * (lower - upper);
      }
    }
  }
  const toPhoto = (x: number, y: number): [number, number] => [
    box.x + factor * (startX + scale * x),
    box.y + factor * (startY + scale * y),
  ];
  return { values, width: size, height: size, factor: factor * scale, toPhoto };
}

/** Finds the two pixels of a line whose centres enclose a coordinate, and the weight of the second. */
function between(coordinate: number, pixels: number): [first: number, second: number, share: number] {
  const inside = Math.min(Math.max(coordinate - 0.5, 0), pixels - 1);
  const first = Math.floor(inside);
  return [first, Math.min(first + 1, pixels - 1), inside - first];
}

/** Rounds the part of a box inside a photo to whole pixels; undefined if it is empty. */
export function clipToPhoto({ width, height }: Photo, box: Box): Box | undefined {
  const left = Math.max(0, Math.round(box.x));
  const top = Math.max(0, Math.round(box.y));
  const right = Math.min(width, Math.round(box.x + box.width));
  const bottom = Math.min(height, Math.round(box.y + box.height));
  if (!(left < right && top < bottom)) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Copies a box of a photo. @param box whole pixels inside the photo */
export function cutPhoto({ pixels, width: stride }: Photo, { x, y, width, height }: Box): Photo {
  const part = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    const from = 3 * ((y + row) * stride + x);
    part.set(pixels.subarray(from, from + 3 * width), 3 * row * width);
  }
  return { pixels: part, width, height };
}

/** @throws EvopatchError `INVALID_IMAGE` if the pixels are not [height][width][3] */
export function checkPhoto({ pixels, width, height }: Photo): void {
  const whole = Number.isSafeInteger(width) && Number.isSafeInteger(height) && width > 0 && height > 0;
  if (whole && pixels.length === 3 * width * height) return;
  const given = `${pixels.length} bytes for ${width}×${height}`;
  throw new EvopatchError('INVALID_IMAGE', 'the pixels do not fill the photo', {
    given,
    hint: 'A photo has width × height × 3 bytes.',
  });
}
