import { faceSquare } from '../genome/patches.ts';
import type { FaceGrid } from '../landmarks/face-grid.ts';
import { canvasOf, canvasSurface } from '../maps/canvas-surface.ts';
import type { MapColors } from '../maps/content.ts';
import { drawFace } from '../maps/face-picture.ts';
import { readingShares, valuesOnFace } from '../maps/heat.ts';
import { COLOR_SCALES, heatOpacity } from '../maps/marks.ts';
import type { ReportFrame, ReportRun } from './report-data.ts';

type Over = Pick<ReportRun, 'dataset' | 'face'>;

/** Picture pixels for each pixel of a face; a browser smooths what lies between. */
const FACE_SCALE = 4;

/** The face that maps lie over, or a drawing of one, as a data URI. */
export function faceUri({ dataset: { frame }, face }: Over): string {
  const { x, y, width, height } = faceSquare(frame);
  const surface = canvasSurface(width, height, FACE_SCALE);
  const levels = face === null ? undefined : Uint8Array.from(face);
  drawFace(surface, levels, frame, { a: 1, b: 0, tx: -x, ty: -y });
  return uriOf(surface.toPng());
}

/** Where a front looks: the share of its genomes that read each pixel. */
export function frontGrid({ dataset: { frame } }: Over, { genomes }: Pick<ReportFrame, 'genomes'>): FaceGrid {
  const weights = genomes.map(() => 1);
  return { size: frame.size, values: readingShares(genomes, weights, frame) };
}

/**
 * A grid as transparent colours over the face's square, one picture pixel each, as a data URI. What is not above 0 is
 * left open.
 *
 * @param top the value that has the last colour of the scale
 */
export function heatUri(
  { dataset: { frame } }: Over,
  grid: FaceGrid,
  top: number,
  colors: MapColors,
): string {
  const { width, height } = faceSquare(frame);
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (const [place, value] of valuesOnFace(grid.values, frame).entries()) {
    if (!(value > 0)) continue;
    const share = Math.min(value / top, 1);
    pixels.set([...COLOR_SCALES[colors](share), 255 * heatOpacity(share)], 4 * place);
  }
  return uriOf(canvasOf({ pixels, width, height }).toBuffer('image/png'));
}

function uriOf(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
