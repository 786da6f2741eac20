import { cos } from '../../core/portable-math.ts';
import { PICTURE_SIZE, type Pose } from './conditions.ts';
import { type Canvas, fill, type Mask, maskOf, type Path, shade, strokeOutline } from './drawing.ts';
import { MIDLINE } from './face-shape.ts';

/** The style of a line: width in the middle and at its ends (face units), grey and opacity (0 to 1). */
export interface Ink {
  readonly width: number;
  readonly ends: number;
  readonly grey: number;
  readonly opacity: number;
}

/** Draws in face units (see `FaceShape`) on a canvas of pixels, according to the pose of the head. */
export interface Pen {
  /** Converts a point of the face to pixels of the picture. */
  toPicture(x: number, y: number): [x: number, y: number];
  fill(path: Path, grey: number, opacity?: number, clip?: Mask): void;
  stroke(path: Path, ink: Ink): void;
  /** Lightens or darkens an elliptic spot. */
  shade(x: number, y: number, radiusX: number, radiusY: number, amount: number, clip?: Mask): void;
  mask(path: Path): Mask;
}

/** The point of the head in the middle of the picture. */
const CENTRE = { x: MIDLINE, y: 21.5 };

/** Makes a pen for one head. */
export function makePen(canvas: Canvas, pose: Pose): Pen {
  const { scale, yaw, pitch } = pose;
  const cosine = cos(pose.roll);
  const sine = cos(pose.roll - Math.PI / 2);
  const toPicture = (x: number, y: number): [number, number] => {
    const depth = depthAt(x, y);
    const u = (x - CENTRE.x + yaw * depth) * scale;
    const v = (y - CENTRE.y + pitch * depth) * scale;
    const middle = canvas.size / 2;
    return [middle + pose.x + cosine * u - sine * v, middle + pose.y + sine * u + cosine * v];
  };
  const pathToPicture = (path: Path) => {
    const converted: number[] = [];
    for (let i = 0; i < path.length; i += 2) {
      const [x, y] = toPicture(path[i], path[i + 1]);
      converted.push(x, y);
    }
    return converted;
  };
  return {
    toPicture,
    fill: (path, grey, opacity = 1, clip) => fill(canvas, pathToPicture(path), grey, opacity, clip),
    stroke: (path, { width, ends, grey, opacity }) =>
      fill(canvas, strokeOutline(pathToPicture(path), width * scale, ends * scale), grey, opacity),
    shade: (faceX, faceY, radiusX, radiusY, amount, clip) => {
      const [x, y] = toPicture(faceX, faceY);
      const spot = { x, y, radiusX: radiusX * scale, radiusY: radiusY * scale, axisX: cosine, axisY: sine };
      shade(canvas, spot, amount, clip);
    },
    mask: (path) => maskOf(pathToPicture(path), canvas.size),
  };
}

/** Gives how far a point stands out of the head: 0 on the outline, 1 in the middle, more on the nose, below 0 behind. */
function depthAt(x: number, y: number): number {
  const u = (x - CENTRE.x) / 21;
  const v = (y - CENTRE.y) / 31;
  const noseX = (x - CENTRE.x) / 6;
  const noseY = (y - 28) / 9;
  const nose = Math.max(0, 1 - noseX * noseX - noseY * noseY);
  return Math.max(-0.5, 1 - u * u - v * v) + 0.5 * nose;
}

/** Makes a black canvas of the size of a picture. */
export function blankCanvas(): Canvas {
  return { size: PICTURE_SIZE, values: new Float64Array(PICTURE_SIZE * PICTURE_SIZE) };
}
