import { canvasOf, canvasSurface } from '../charts/canvas-surface.ts';
import { faceSquare } from '../genome/patches.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';
import type { MapColors } from '../maps/content.ts';
import { drawFace } from '../maps/face-picture.ts';
import { readingShares, valuesOnFace } from '../maps/heat.ts';
import { COLOR_SCALES, heatOpacity } from '../maps/marks.ts';
import type { ReportFrame, ReportRun } from './report-data.ts';

type Over = Pick<ReportRun, 'dataset' | 'face'>;

/** Picture pixels per pixel of a face; the browser interpolates further. */
const FACE_SCALE = 4;

/** Draws the mean face below the maps, or a drawn one where it is not known. @returns a data URI */
export function faceUri({ dataset: { frame }, face }: Over): string {
  const { x, y, width, height } = faceSquare(frame);
  const surface = canvasSurface(width, height, FACE_SCALE);
  const levels = face === null ? undefined : Uint8Array.from(face);
  drawFace(surface, levels, frame, { a: 1, b: 0, tx: -x, ty: -y });
  return uriOf(surface.toPng());
}

/** Computes the share of a front's genomes that read each pixel. */
export function frontGrid({ dataset: { frame } }: Over, { genomes }: Pick<ReportFrame, 'genomes'>): FaceGrid {
  const weights = genomes.map(() => 1);
  return { size: frame.size, values: readingShares(genomes, weights, frame) };
}

/**
 * Draws a grid as transparent colours over the face's square, one picture pixel each; values up to 0 are left clear.
 *
 * @param maximum the value of the last colour of the scale
 * @returns a data URI
 */
export function heatUri(
  { dataset: { frame } }: Over,
  grid: FaceGrid,
  maximum: number,
  colors: MapColors,
): string {
  const { width, height } = faceSquare(frame);
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (const [index, value] of valuesOnFace(grid.values, frame).entries()) {
    if (!(value > 0)) continue;
    const share = Math.min(value / maximum, 1);
    pixels.set([...COLOR_SCALES[colors](share), 255 * heatOpacity(share)], 4 * index);
  }
  return uriOf(canvasOf({ pixels, width, height }).toBuffer('image/png'));
}

function uriOf(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
