import { cornersOf, type RgbaImage, type Surface } from '../charts/surface.ts';
import { faceSquare } from '../genome/patches.ts';
import type { Photo } from '../images/photo.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { meanShapeIn } from '../landmarks/mean-shape.ts';
import { applySimilarity, type Similarity } from '../landmarks/similarity.ts';

/** Lines through the 68 landmarks: index of the first and the last point, and whether the line is closed. */
const FEATURES = [
  { first: 0, last: 16, closed: false }, // jaw
  { first: 17, last: 21, closed: false },
  { first: 22, last: 26, closed: false },
  { first: 27, last: 30, closed: false }, // bridge of the nose
  { first: 31, last: 35, closed: false },
  { first: 36, last: 41, closed: true },
  { first: 42, last: 47, closed: true },
  { first: 48, last: 59, closed: true }, // lips
  { first: 60, last: 67, closed: true },
] as const;

const PAPER = '#d9d9d6';
const LINES = '#5c5c5a';

/** Draws the mean face of a data set, or a line drawing if there is none. */
export function drawFace(
  surface: Surface,
  face: Uint8Array | undefined,
  frame: FrameGeometry,
  placement: Similarity,
): void {
  if (face === undefined) drawOutlines(surface, frame, placement);
  else surface.picture(stretchContrast(face, frame), placement);
}

/** Turns a frame into a picture and stretches the contrast of the face to nearly the full range of greys. */
function stretchContrast(face: Uint8Array, frame: FrameGeometry): RgbaImage {
  const { size } = frame;
  const square = faceSquare(frame);
  let darkest = 255;
  let lightest = 0;
  for (let row = square.y; row < square.y + square.height; row++) {
    for (let column = square.x; column < square.x + square.width; column++) {
      darkest = Math.min(darkest, face[row * size + column]);
      lightest = Math.max(lightest, face[row * size + column]);
    }
  }
  const gain = 225 / Math.max(lightest - darkest, 1);
  const pixels = new Uint8ClampedArray(4 * size * size).fill(255);
  for (const [pixel, level] of face.entries()) {
    pixels.fill(20 + (level - darkest) * gain, 4 * pixel, 4 * pixel + 3);
  }
  return { pixels, width: size, height: size };
}

/** Draws the outlines of the mean landmarks in place of a mean face. */
function drawOutlines(surface: Surface, frame: FrameGeometry, placement: Similarity): void {
  const { x, y, width, height } = faceSquare(frame);
  const [left, top] = applySimilarity(placement, x, y);
  surface.shape(cornersOf({ x: left, y: top, width: placement.a * width, height: placement.a * height }), {
    fill: PAPER,
  });
  const points = meanShapeIn(frame);
  for (const { first, last, closed } of FEATURES) {
    const line = Array.from({ length: last - first + 1 }, (_, index) => {
      const point = 2 * (first + index);
      return applySimilarity(placement, points[point], points[point + 1]);
    });
    const paint = { stroke: LINES, lineWidth: 0.35 * placement.a };
    if (closed) surface.shape(line, paint);
    else surface.shape(line, paint, 'open');
  }
}

/** Gives each pixel of a photo full opacity. */
export function rgbaOf({ pixels, width, height }: Photo): RgbaImage {
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
    rgba[to] = pixels[from];
    rgba[to + 1] = pixels[from + 1];
    rgba[to + 2] = pixels[from + 2];
  }
  return { pixels: rgba, width, height };
}
