import { createCanvas } from 'canvas';
import { faceSquare } from '../genome/patches.ts';
import { drawFace } from '../maps/face-picture.ts';
import { readingShares } from '../maps/heat.ts';
import { heatColor } from '../maps/marks.ts';
import type { ReportFrame, ReportRun } from './report-data.ts';

type Over = Pick<ReportRun, 'dataset' | 'face'>;

/** Picture pixels for each pixel of a face; a browser smooths what lies between. */
const FACE_SCALE = 4;

/** The face that maps lie over, or a drawing of one, as a data URI. */
export function faceUri({ dataset: { frame }, face }: Over): string {
  const view = faceSquare(frame);
  const canvas = createCanvas(view.width * FACE_SCALE, view.height * FACE_SCALE);
  const levels = face === null ? undefined : Uint8Array.from(face);
  drawFace(canvas.getContext('2d'), levels, frame, view, FACE_SCALE);
  return uriOf(canvas.toBuffer('image/png'));
}

/** Where a front looks: transparent colours over the face's square, one picture pixel each, as a data URI. */
export function heatUri({ dataset: { frame } }: Over, { genomes }: Pick<ReportFrame, 'genomes'>): string {
  const view = faceSquare(frame);
  const canvas = createCanvas(view.width, view.height);
  const context = canvas.getContext('2d');
  const shares = readingShares(
    genomes,
    genomes.map(() => 1),
    frame,
  );
  for (const [pixel, share] of shares.entries()) {
    if (share === 0) continue;
    context.fillStyle = heatColor(share);
    context.fillRect((pixel % frame.size) - view.x, Math.floor(pixel / frame.size) - view.y, 1, 1);
  }
  return uriOf(canvas.toBuffer('image/png'));
}

function uriOf(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
