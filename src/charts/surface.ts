import type { TextStyle } from './text.ts';

export type Point = readonly [x: number, y: number];

/** An upright rectangle, its upper left corner at x, y. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the pixels of an image lie: [x, y] at [a·x − b·y + tx, b·x + a·y + ty]. */
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

/** How a shape is filled and framed; colours as in '#rrggbb', opacities from 0 to 1. */
export interface Paint {
  readonly fill?: string;
  readonly fillOpacity?: number;
  readonly stroke?: string;
  readonly strokeOpacity?: number;
  readonly lineWidth?: number;
  /** Lengths of a dashed line's dashes and gaps, in turn. */
  readonly dash?: readonly number[];
}

/** A colour and how opaque it is, 0 to 1. */
export interface Tint {
  readonly color: string;
  readonly opacity: number;
}

/**
 * What pictures are drawn on, so that pixels and vectors come from the same drawing. Lengths are units of the picture,
 * from its upper left corner.
 */
export interface Surface {
  /** A polygon, closed or open. */
  shape(points: readonly Point[], paint: Paint, open?: 'open'): void;
  /** A rectangle with rounded corners; a circle where the radius is half of its sides. */
  rounded(rectangle: Rectangle, radius: number, paint: Paint): void;
  /** A line of text with its baseline at y. */
  text(text: string, x: number, y: number, style: TextStyle): void;
  /** A rectangle whose colour changes from its bottom, at 0, to its top, at 1. */
  gradient(rectangle: Rectangle, tintAt: (share: number) => Tint): void;
  /** Squares of one colour each, one for each pixel of the image. */
  cells(image: RgbaImage, placement: Placement): void;
  /** A picture, smooth where it is enlarged. */
  picture(image: RgbaImage, placement: Placement): void;
  /** Draws only what lies inside. */
  clipped(rectangle: Rectangle, draw: () => void): void;
}

/** The corners of a rectangle, clockwise from the upper left. */
export function cornersOf({ x, y, width, height }: Rectangle): Point[] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}
