import { type Color, diverging, magma } from '../charts/colors.ts';
import type { RgbaImage } from '../charts/surface.ts';
import type { FaceGrid } from '../landmarks/frame-geometry.ts';

/** A colour scale ends at this quantile of the values that are not 0, so that single outliers do not stretch it. */
const TOP_QUANTILE = 0.99;
/** Colours of pixels that the network does not read: on a map alone, and over a face. */
const UNREAD: Color = [226, 226, 229];
const FADED = [255, 255, 255, 0.62] as const;

/** Returns the end of the colour scale: the 99th percentile of the absolute values that are not 0, or 1 if all are 0. */
export function topOf(grids: readonly FaceGrid[]): number {
  const sizes = grids
    .flatMap(({ values }) => Array.from(values, Math.abs).filter((size) => size > 0))
    .sort((a, b) => a - b);
  return sizes.length === 0 ? 1 : sizes[Math.ceil(TOP_QUANTILE * sizes.length) - 1];
}

/** Which pixels a network reads, 1 or 0, [size][size]. */
type Read = ArrayLike<number> | undefined;

/** Colours absolute values, from black at 0 to pale yellow at `top`. */
export function magnitudeCells(grid: FaceGrid, top: number, read: Read): RgbaImage {
  return cells(grid, (value, pixel) => (isRead(read, pixel) ? magma(Math.abs(value) / top) : UNREAD));
}

/** Colours signed values, blue below 0 and orange above. */
export function signedCells(grid: FaceGrid, top: number, read: Read): RgbaImage {
  return cells(grid, (value, pixel) => (isRead(read, pixel) ? diverging(value / top) : UNREAD));
}

/** Colours absolute values over a face: larger values are brighter and less transparent; unread pixels fade. */
export function overlayCells(grid: FaceGrid, top: number, read: Read): RgbaImage {
  return cells(grid, (value, pixel) => {
    if (!isRead(read, pixel)) return FADED;
    const share = Math.min(Math.abs(value) / top, 1);
    return [...magma(share), Math.min(1.4 * share, 0.88)];
  });
}

/**
 * Turns guided gradients into greys as Arriaga et al. 2017 do: subtracts the mean, divides by ten standard deviations,
 * adds mid-grey and clips at black and white. Mean and deviation are those of the pixels that the network reads.
 */
export function contrastCells(grid: FaceGrid, read: Read): RgbaImage {
  const levels = contrastLevels(grid, read);
  return cells(grid, (_, pixel) => {
    return isRead(read, pixel) ? [levels[pixel], levels[pixel], levels[pixel]] : UNREAD;
  });
}

/** Returns the grey levels of `contrastCells`, [size][size]. */
export function contrastLevels({ values }: FaceGrid, read: Read): Uint8ClampedArray {
  const own = Array.from(values).filter((_, pixel) => isRead(read, pixel));
  const mean = own.reduce((sum, value) => sum + value, 0) / Math.max(own.length, 1);
  const variance =
    own.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / Math.max(own.length, 1);
  const deviation = Math.sqrt(variance) || 1;
  return Uint8ClampedArray.from(values, (value) => {
    return Math.min(Math.max(((value - mean) / deviation) * 0.1 + 0.5, 0), 1) * 255;
  });
}

function isRead(read: Read, pixel: number): boolean {
  return read === undefined || read[pixel] > 0;
}

/** Gives each value of a grid the colour that `colorAt` returns, or leaves it transparent for `undefined`. */
export function cells(
  { size, values }: FaceGrid,
  colorAt: (value: number, pixel: number) => readonly [number, number, number, opacity?: number] | undefined,
): RgbaImage {
  const pixels = new Uint8ClampedArray(4 * size * size);
  for (const [pixel, value] of values.entries()) {
    const color = colorAt(value, pixel);
    if (color === undefined) continue;
    const [red, green, blue, opacity = 1] = color;
    pixels.set([red, green, blue, 255 * opacity], 4 * pixel);
  }
  return { pixels, width: size, height: size };
}
