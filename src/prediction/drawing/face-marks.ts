import type { SKRSContext2D } from 'canvas';
import { colorOf } from '../../charts/palette.ts';
import type { Point } from '../../genome/patch-quadrilaterals.ts';
import type { PredictedFace } from '../prediction.ts';

const SHADE = 'rgba(0, 0, 0, 0.5)';
const LIGHT = '#ffffff';
/** Length of the angles at the corners of a box, share of its side. */
const ANGLE = 0.16;

/**
 * Draws a face's patches, box and nose on its photo.
 *
 * @param line width of a line, pixels of the photo
 */
export function drawFaceMarks(context: SKRSContext2D, face: PredictedFace, line: number): void {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  // Where the face could not be aligned, patches are where they are by assumption only.
  const dash = face.aligned ? [] : [3 * line, 3 * line];
  for (const { patch, corners } of face.patches) {
    const color = colorOf(patch);
    tracePolygon(context, corners);
    context.globalAlpha = 0.14;
    context.fillStyle = color;
    context.fill();
    context.globalAlpha = 1;
    strokeTwice(context, color, line, dash);
  }
  traceAngles(context, face);
  strokeTwice(context, LIGHT, line, []);
  const [x, y] = face.pose.noseTip;
  context.beginPath();
  context.arc(x, y, 2.2 * line, 0, 2 * Math.PI);
  context.fillStyle = LIGHT;
  context.fill();
  context.strokeStyle = SHADE;
  context.lineWidth = 0.8 * line;
  context.setLineDash([]);
  context.stroke();
}

/** The path's line with a dark one below it, to stand out from any photo. */
function strokeTwice(context: SKRSContext2D, color: string, line: number, dash: number[]): void {
  context.setLineDash([]);
  context.strokeStyle = SHADE;
  context.lineWidth = 2 * line;
  if (dash.length === 0) context.stroke();
  context.setLineDash(dash);
  context.strokeStyle = color;
  context.lineWidth = line;
  context.stroke();
  context.setLineDash([]);
}

function tracePolygon(context: SKRSContext2D, corners: readonly Point[]): void {
  context.beginPath();
  for (const [x, y] of corners) context.lineTo(x, y);
  context.closePath();
}

/** Only the corners of the box, so that the face stays free. */
function traceAngles(context: SKRSContext2D, { box: { x, y, width, height } }: PredictedFace): void {
  const arm = ANGLE * Math.min(width, height);
  context.beginPath();
  for (const [cornerX, stepX] of [
    [x, arm],
    [x + width, -arm],
  ]) {
    for (const [cornerY, stepY] of [
      [y, arm],
      [y + height, -arm],
    ]) {
      context.moveTo(cornerX + stepX, cornerY);
      context.lineTo(cornerX, cornerY);
      context.lineTo(cornerX, cornerY + stepY);
    }
  }
}
