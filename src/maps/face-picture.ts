import { type Canvas, createCanvas, type SKRSContext2D } from 'canvas';
import { faceSquare, type Rectangle } from '../genome/patches.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { meanShapeIn } from '../landmarks/mean-shape.ts';

/** Lines through the 68 landmarks: first and last point, and whether the line is closed. */
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
const INK = '#5c5c5a';

/** Draws a face, magnified, with the upper left corner of `view` (frame pixels) at the origin of the context. */
export function drawFace(
  context: SKRSContext2D,
  face: Uint8Array | undefined,
  frame: FrameGeometry,
  view: Rectangle,
  scale: number,
): void {
  if (face === undefined) {
    drawOutlines(context, frame, view, scale);
    return;
  }
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  const { x, y, width, height } = view;
  context.drawImage(greyPicture(face, frame), x, y, width, height, 0, 0, width * scale, height * scale);
}

/** The frame, one picture pixel each, its contrast stretched to the full range of greys over the face. */
function greyPicture(face: Uint8Array, frame: FrameGeometry): Canvas {
  const canvas = createCanvas(frame.size, frame.size);
  const context = canvas.getContext('2d');
  const image = context.createImageData(frame.size, frame.size);
  const square = faceSquare(frame);
  let darkest = 255;
  let lightest = 0;
  for (let row = square.y; row < square.y + square.height; row++) {
    for (let column = square.x; column < square.x + square.width; column++) {
      darkest = Math.min(darkest, face[row * frame.size + column]);
      lightest = Math.max(lightest, face[row * frame.size + column]);
    }
  }
  const gain = 225 / Math.max(lightest - darkest, 1);
  for (const [pixel, level] of face.entries()) {
    image.data.fill(20 + (level - darkest) * gain, 4 * pixel, 4 * pixel + 3);
    image.data[4 * pixel + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Stands in for a mean face: the outlines of the mean landmarks. */
function drawOutlines(context: SKRSContext2D, frame: FrameGeometry, view: Rectangle, scale: number): void {
  context.fillStyle = PAPER;
  context.fillRect(0, 0, view.width * scale, view.height * scale);
  const points = meanShapeIn(frame);
  context.strokeStyle = INK;
  context.lineWidth = 0.35 * scale;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const { first, last, closed } of FEATURES) {
    context.beginPath();
    for (let point = first; point <= last; point++) {
      context.lineTo((points[2 * point] - view.x) * scale, (points[2 * point + 1] - view.y) * scale);
    }
    if (closed) context.closePath();
    context.stroke();
  }
}
