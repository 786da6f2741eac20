import type { TextStyle } from './text.ts';

export type Point = readonly [x: number, y: number];

/** An upright rectangle, its upper left corner at x, y. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Maps a pixel [x, y] of an image to [a·x − b·y + tx, b·x + a·y + ty]. */
export interface Placement {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** Pixels with transparency, [height][width][4]. */
export interface RgbaImage {
  readonly pixels: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Says how to fill and frame a shape; colours as in '#rrggbb', opacities from 0 to 1. */
export interface Paint {
  readonly fill?: string;
  readonly fillOpacity?: number;
  readonly stroke?: string;
  readonly strokeOpacity?: number;
  readonly lineWidth?: number;
  /** Lengths of dashes and gaps, alternating. */
  readonly dash?: readonly number[];
}

/** A colour with its opacity, 0 to 1. */
export interface Tint {
  readonly color: string;
  readonly opacity: number;
}

/**
 * Receives a drawing, so that the same code draws pixels and vectors. Coordinates are units of the picture from its upper
 * left corner.
 */
export interface Surface {
  /** Draws a polygon, closed or open. */
  shape(points: readonly Point[], paint: Paint, open?: 'open'): void;
  /** Draws a rectangle with rounded corners; a circle if the radius is half of its sides. */
  rounded(rectangle: Rectangle, radius: number, paint: Paint): void;
  /** Writes a line of text with its baseline at y. */
  text(text: string, x: number, y: number, style: TextStyle): void;
  /** Fills a rectangle with colours from 0 at its bottom to 1 at its top. */
  gradient(rectangle: Rectangle, tintAt: (share: number) => Tint): void;
  /** Draws each pixel of the image as a square of one colour. */
  cells(image: RgbaImage, placement: Placement): void;
  /** Draws a picture with smooth interpolation. */
  picture(image: RgbaImage, placement: Placement): void;
  /** Clips a drawing to a rectangle. */
  clipped(rectangle: Rectangle, draw: () => void): void;
}

/** Lists the corners of a rectangle, clockwise from the upper left. */
export function cornersOf({ x, y, width, height }: Rectangle): Point[] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}
