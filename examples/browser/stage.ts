// Draws a picture with the patches of a face, or the patches alone.
import { drawFace, type PredictedFace } from 'evopatch/browser';

export interface Scene {
  readonly picture: ImageBitmap;
  /** The faces as one model reads them. */
  readonly faces: readonly PredictedFace[];
  /** Index of the face whose patches are shown. */
  readonly face: number;
  /** Whether to leave out all that the network does not read. */
  readonly only: boolean;
  /** Whether to show it as a mirror does. */
  readonly mirrored: boolean;
}

/** Longer side of the canvas, pixels. */
const SIDE = 1200;
/** Side of the close-up, and how much of the picture it shows: sides of the face's box. */
const CLOSE_SIDE = 288;
const CLOSE_VIEW = 1.25;
const FONT = '600 26px Inter, sans-serif';

/** Draws the whole picture, and a number on each face if there are several. */
export function drawScene(canvas: HTMLCanvasElement, scene: Scene): void {
  const { picture, faces, face, mirrored } = scene;
  const scale = SIDE / Math.max(picture.width, picture.height);
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = paint(canvas, scene, scale, 0, 0);
  if (faces.length < 2) return;
  context.resetTransform();
  for (const [i, { box }] of faces.entries()) {
    const x = (box.x + box.width / 2) * scale;
    drawNumber(context, i + 1, [mirrored ? canvas.width - x : x, box.y * scale], i === face);
  }
}

/** Draws the chosen face large, or nothing if there is none. */
export function drawCloseUp(canvas: HTMLCanvasElement, scene: Scene): void {
  canvas.width = CLOSE_SIDE;
  canvas.height = CLOSE_SIDE;
  const box = scene.faces.at(scene.face)?.box;
  if (box === undefined) return;
  const view = CLOSE_VIEW * Math.max(box.width, box.height);
  const [left, top] = [box.x + (box.width - view) / 2, box.y + (box.height - view) / 2];
  paint(canvas, scene, CLOSE_SIDE / view, left, top);
}

/** Paints the picture from a corner on, with the patches of the chosen face. */
function paint(
  canvas: HTMLCanvasElement,
  { picture, faces, face, only, mirrored }: Scene,
  scale: number,
  left: number,
  top: number,
): CanvasRenderingContext2D {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.imageSmoothingQuality = 'high';
  if (mirrored) context.setTransform(-1, 0, 0, 1, canvas.width, 0);
  context.translate(-left * scale, -top * scale);
  const shown = faces.at(face);
  context.save();
  if (only && shown) clipTo(context, shown, scale);
  context.drawImage(picture, 0, 0, picture.width * scale, picture.height * scale);
  context.restore();
  if (shown) drawFace(context, shown, scale);
  return context;
}

/** What is drawn from now on shows in the patches only. A model without patches reads all of the face. */
function clipTo(context: CanvasRenderingContext2D, { patches }: PredictedFace, scale: number): void {
  if (patches.length === 0) return;
  context.beginPath();
  for (const { corners } of patches) {
    const [[x, y], ...others] = corners;
    context.moveTo(x * scale, y * scale);
    for (const [nextX, nextY] of others) context.lineTo(nextX * scale, nextY * scale);
    context.closePath();
  }
  context.clip();
}

function drawNumber(
  context: CanvasRenderingContext2D,
  number: number,
  [x, y]: readonly [number, number],
  chosen: boolean,
): void {
  const radius = 22;
  const middle = Math.max(y - radius, radius + 2);
  context.beginPath();
  context.arc(x, middle, radius, 0, 2 * Math.PI);
  context.fillStyle = chosen ? '#ffffff' : '#1c1c1ecc';
  context.fill();
  context.fillStyle = chosen ? '#1c1c1e' : '#ffffff';
  context.font = FONT;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(`${number}`, x, middle + 1);
}
