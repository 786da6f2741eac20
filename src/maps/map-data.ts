import { faceSquare } from '../genome/patches.ts';
import type { FaceGrid } from '../landmarks/face-grid.ts';
import type { PatchMapContent } from './content.ts';
import { patchCounts, readingShares } from './heat.ts';

/** What the values of a map are: patches that read a pixel, or the share of the networks that do. */
export type MapUnit = 'patches' | 'share of networks';

/** Where patches look, as numbers. */
export interface MapData {
  /** Of one genome the number of its patches on each pixel; of several the weighted share that reads it, 0 to 1. */
  readonly grid: FaceGrid;
  readonly unit: MapUnit;
  /** The largest value. */
  readonly most: number;
  /** Pixels that are read at all, and their share of the face. */
  readonly pixels: number;
  readonly faceShare: number;
}

/** @param unit shares where left out, but of one genome its patches */
export function mapData(
  { genomes, weights, frame }: Pick<PatchMapContent, 'genomes' | 'weights' | 'frame'>,
  unit: MapUnit = genomes.length === 1 ? 'patches' : 'share of networks',
): MapData {
  const values =
    unit === 'patches'
      ? Float64Array.from(patchCounts(genomes[0], frame))
      : readingShares(genomes, weights, frame);
  const face = faceSquare(frame);
  const pixels = values.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  return {
    grid: { size: frame.size, values },
    unit,
    most: values.reduce((most, value) => Math.max(most, value), 0),
    pixels,
    faceShare: pixels / (face.width * face.height),
  };
}

/** Of values in JSON: more would only make files larger. */
const SHARE_DIGITS = 1e4;

/** The rows of a grid, its values rounded to four digits. */
export function gridRows({ size, values }: FaceGrid): number[][] {
  return rowsOf(
    Array.from(values, (value) => Math.round(value * SHARE_DIGITS) / SHARE_DIGITS),
    size,
  );
}

/** Splits values, [size][size], into rows. */
export function rowsOf(values: ArrayLike<number>, size: number): number[][] {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => values[row * size + column]),
  );
}
