import { FACE_FRAME, type FaceGrid, type FrameGeometry } from './frame-geometry.ts';
import { meanShapeIn } from './mean-shape.ts';

/** The parts of a frame: each pixel belongs to exactly one. */
export const FACE_REGIONS = [
  'brows',
  'eyes',
  'nose',
  'cheeks',
  'mouth',
  'chin',
  'forehead',
  'background',
] as const;
export type FaceRegion = (typeof FACE_REGIONS)[number];

/** The part of the face that each pixel of the frame belongs to. */
export interface FaceRegions {
  /** Side of the frame, pixels. */
  readonly size: number;
  /** Index into `FACE_REGIONS` of each pixel, [size][size]. */
  readonly regionOf: Uint8Array;
}

/** Continuous frame pixels: the first pixel's centre is at 0.5. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** Landmarks outline the features; these shares of the distance between the eyes widen them. */
const FEATURES = [
  { region: 'eyes', margin: 0.17, outlines: [pointsFrom(36, 41), pointsFrom(42, 47)] },
  { region: 'mouth', margin: 0.17, outlines: [pointsFrom(48, 59)] },
  // One line from the outer end of one brow to that of the other, so that they include the frown between them.
  { region: 'brows', margin: 0.14, outlines: [[...pointsFrom(17, 26), ...pointsFrom(18, 25).reverse()]] },
  { region: 'nose', margin: 0.17, outlines: [[27, ...pointsFrom(31, 35)]] },
] as const;

const JAW = pointsFrom(0, 16);
/** Points of the arc from ear to ear over the forehead. */
const ARC_POINTS = 24;

/**
 * Divides a face into parts by its 68 landmarks. Brows (with the frown between them), eyes, nose and mouth are the pixels within
 * a margin of their landmarks; if two compete, the closer one wins. The axes of the face divide the rest: the forehead with the
 * temples above the centres of the eyes, the cheeks from there to the corners of the mouth, the chin with the jaw below. The face
 * ends at the jaw's landmarks and, above, at a half ellipse from ear to ear that is as far above the brows as these are above the
 * base of the nose (the canon of thirds); all else is background.
 *
 * @param points x0, y0, …, x67, y67 in frame pixels; those of the mean face by default
 */
export function faceRegions(
  frame: FrameGeometry = FACE_FRAME,
  points: ArrayLike<number> = meanShapeIn(frame),
): FaceRegions {
  const { size } = frame;
  const at = (index: number): Point => ({ x: points[2 * index], y: points[2 * index + 1] });
  const eyes = [pointsFrom(36, 41), pointsFrom(42, 47)].map((outline) => centreOf(outline.map(at)));
  const unit = distance(eyes[0], eyes[1]);
  // Downwards is perpendicular to the line between the eyes, so that a tilted face is divided along its own axes.
  const right = { x: (eyes[1].x - eyes[0].x) / unit, y: (eyes[1].y - eyes[0].y) / unit };
  const heightOf = ({ x, y }: Point) => y * right.x - x * right.y;
  const eyeLine = heightOf(centreOf(eyes));
  const mouthLine = heightOf(centreOf([at(48), at(54)]));
  const features = FEATURES.map(({ region, margin, outlines }) => ({
    region: FACE_REGIONS.indexOf(region),
    margin: margin * unit,
    outlines: outlines.map((outline) => outline.map(at)),
  }));
  const [background, forehead, cheeks, chin] = (['background', 'forehead', 'cheeks', 'chin'] as const).map(
    (name) => FACE_REGIONS.indexOf(name),
  );
  const outline = [...JAW.map(at), ...upperHead(at, right, heightOf)];
  const regionOf = new Uint8Array(size * size);
  for (let pixel = 0; pixel < regionOf.length; pixel++) {
    const centre = { x: (pixel % size) + 0.5, y: Math.floor(pixel / size) + 0.5 };
    let nearest = Number.POSITIVE_INFINITY;
    regionOf[pixel] = background;
    for (const { region, margin, outlines } of features) {
      const away = Math.min(...outlines.map((one) => distanceTo(one, centre)));
      if (away > margin || away >= nearest) continue;
      nearest = away;
      regionOf[pixel] = region;
    }
    if (Number.isFinite(nearest) || !isInside(outline, centre)) continue;
    const height = heightOf(centre);
    regionOf[pixel] = height < eyeLine ? forehead : height < mouthLine ? cheeks : chin;
  }
  return { size, regionOf };
}

/** Makes a map of one region: 1 inside, 0 outside. */
export function regionMask({ size, regionOf }: FaceRegions, region: FaceRegion): FaceGrid {
  const wanted = FACE_REGIONS.indexOf(region);
  return { size, values: Float64Array.from(regionOf, (one) => (one === wanted ? 1 : 0)) };
}

/** Draws the arc from the right ear over the hairline to the left ear, without its ends. */
function upperHead(at: (index: number) => Point, right: Point, heightOf: (point: Point) => number): Point[] {
  const ears = [at(0), at(16)];
  const centre = centreOf(ears);
  const halfWidth = distance(ears[0], ears[1]) / 2;
  const brows = heightOf(centreOf([at(19), at(24)]));
  const hairline = brows - (heightOf(at(33)) - brows);
  const halfHeight = Math.max(heightOf(centre) - hairline, 0);
  return Array.from({ length: ARC_POINTS - 1 }, (_, i) => {
    const across = 1 - (2 * (i + 1)) / ARC_POINTS;
    const up = halfHeight * Math.sqrt(1 - across * across);
    const along = halfWidth * across;
    return { x: centre.x + along * right.x + up * right.y, y: centre.y + along * right.y - up * right.x };
  });
}

function pointsFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function centreOf(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

function distance(a: Point, b: Point): number {
  return Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

/** Computes the distance from a polygon's edge, 0 inside. */
function distanceTo(polygon: readonly Point[], point: Point): number {
  if (isInside(polygon, point)) return 0;
  return Math.min(
    ...polygon.map((start, i) => distanceToSegment(start, polygon[(i + 1) % polygon.length], point)),
  );
}

function distanceToSegment(start: Point, end: Point, point: Point): number {
  const x = end.x - start.x;
  const y = end.y - start.y;
  const square = x * x + y * y;
  const share = square === 0 ? 0 : ((point.x - start.x) * x + (point.y - start.y) * y) / square;
  const kept = Math.min(Math.max(share, 0), 1);
  return distance({ x: start.x + kept * x, y: start.y + kept * y }, point);
}

/** Applies the even–odd rule. */
function isInside(polygon: readonly Point[], { x, y }: Point): boolean {
  let inside = false;
  for (const [i, start] of polygon.entries()) {
    const end = polygon[(i + 1) % polygon.length];
    if (start.y > y === end.y > y) continue;
    if (x < start.x + ((end.x - start.x) * (y - start.y)) / (end.y - start.y)) inside = !inside;
  }
  return inside;
}
