import { type GreyImage, reductionOf } from '../images/photo.ts';
import { FACE_FRAME, type FrameGeometry } from './frame-geometry.ts';
import { applySimilarity, inverse, type Similarity } from './similarity.ts';

/**
 * Draws the face frame of an image: each frame pixel takes the value at its centre, bilinear between the centres of the image's
 * pixels (the first centre at 0.5, 0.5), rounded half up. Beyond its edges the image repeats its outermost pixels. If the image
 * shrinks to less than half, blocks of its pixels are averaged first, so that none is skipped. It uses only additions,
 * multiplications and divisions, and gives the same bytes on every machine.
 *
 * @param similarity from pixels of the original image to pixels of the frame
 * @param into the output, [size][size]
 */
export function renderFrame(
  image: GreyImage,
  similarity: Similarity,
  geometry: FrameGeometry = FACE_FRAME,
  into: Uint8Array = new Uint8Array(geometry.size * geometry.size),
): Uint8Array {
  const reduction = reductionOf(image);
  const own = { ...similarity, a: similarity.a * reduction, b: similarity.b * reduction };
  const scale = Math.sqrt(own.a * own.a + own.b * own.b);
  const factor = Math.max(1, Math.floor(1 / scale));
  const { pixels, width, height } = factor > 1 ? averageBlocks(image, factor) : image;
  const back = inverse({ ...own, a: own.a * factor, b: own.b * factor });
  const { size } = geometry;
  for (let row = 0; row < size; row++) {
    const [startX, startY] = applySimilarity(back, 0.5, row + 0.5);
    for (let column = 0; column < size; column++) {
      const x = Math.min(Math.max(startX + back.a * column - 0.5, 0), width - 1);
      const y = Math.min(Math.max(startY + back.b * column - 0.5, 0), height - 1);
      const left = Math.floor(x);
      const top = Math.floor(y);
      const upper = top * width + left;
      const lower = top + 1 < height ? upper + width : upper;
      const right = left + 1 < width ? 1 : 0;
      const above = pixels[upper] + (x - left) * (pixels[upper + right] - pixels[upper]);
      const below = pixels[lower] + (x - left) * (pixels[lower + right] - pixels[lower]);
      into[row * size + column] = Math.floor(above + (y - top) * (below - above) + 0.5);
    }
  }
  return into;
}

/** Averages factor×factor blocks; the last row and column of blocks average the remaining pixels. */
function averageBlocks(image: GreyImage, factor: number): GreyImage {
  const width = Math.ceil(image.width / factor);
  const height = Math.ceil(image.height / factor);
  const pixels = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    const bottom = Math.min((row + 1) * factor, image.height);
    for (let column = 0; column < width; column++) {
      const right = Math.min((column + 1) * factor, image.width);
      let sum = 0;
      for (let y = row * factor; y < bottom; y++) {
        for (let x = column * factor; x < right; x++) sum += image.pixels[y * image.width + x];
      }
      pixels[row * width + column] = sum / ((bottom - row * factor) * (right - column * factor));
    }
  }
  return { pixels, width, height };
}
