import { faceSquare } from '../genome/patches.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';
import type { PatchMapContent } from './content.ts';
import { patchCounts, readingShares } from './heat.ts';

/** What the values of a map count: patches that read a pixel, or the share of networks that do. */
export type MapUnit = 'patches' | 'share of networks';

/** Says as numbers which pixels are read. */
export interface MapData {
  /** For one genome, the number of its patches on each pixel; for several, the weighted share that reads it, 0 to 1. */
  readonly grid: FaceGrid;
  readonly unit: MapUnit;
  /** The largest value. */
  readonly most: number;
  /** Number of pixels that are read, and their share of the face. */
  readonly pixels: number;
  readonly faceShare: number;
}

/** @param unit @defaultValue 'patches' for one genome, 'share of networks' for several */
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
    most: values.reduce((maximum, value) => Math.max(maximum, value), 0),
    pixels,
    faceShare: pixels / (face.width * face.height),
  };
}

/** Splits a grid into rows and rounds its values to four decimals, which keeps JSON files small. */
export function gridRows({ size, values }: FaceGrid): number[][] {
  return rowsOf(
    Array.from(values, (value) => Math.round(value * 1e4) / 1e4),
    size,
  );
}

/** Splits values, [size][size], into rows. */
export function rowsOf(values: ArrayLike<number>, size: number): number[][] {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => values[row * size + column]),
  );
}
