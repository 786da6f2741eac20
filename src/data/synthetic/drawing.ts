import { cos } from '../../core/portable-math.ts';

/** A square grey canvas: 0 is black, 1 is white. Pixel (x, y) covers [x, x+1) × [y, y+1). */
export interface Canvas {
  readonly size: number;
  readonly values: Float64Array;
}

/** Points x0, y0, x1, y1, … in pixels. Filling closes the path. */
export type Path = readonly number[];

/** The share of each pixel that a path covers, 0 to 1, inside the box from (left, top) to (right, bottom), exclusive. */
export interface Mask {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** [bottom − top][stride] */
  readonly cover: Float64Array;
  readonly stride: number;
}

/**
 * Computes the exact share of each pixel that a closed path covers. Each edge adds its signed area to the pixels that it crosses
 * and the rest to their right neighbours; a running sum along the row then gives the cover (the accumulation method of R.
 * Levien's font-rs, 2016).
 */
export function maskOf(path: Path, size: number): Mask {
  const inside = (v: number) => Math.min(size, Math.max(0, v));
  let [lowX, lowY, highX, highY] = [size, size, 0, 0];
  for (let i = 0; i < path.length; i += 2) {
    lowX = Math.min(lowX, path[i]);
    highX = Math.max(highX, path[i]);
    lowY = Math.min(lowY, path[i + 1]);
    highY = Math.max(highY, path[i + 1]);
  }
  const left = inside(Math.floor(lowX));
  const right = Math.max(left, inside(Math.ceil(highX)));
  const top = inside(Math.floor(lowY));
  const bottom = Math.max(top, inside(Math.ceil(highY)));
  const stride = right - left + 2; // an edge at the right border spills into two more columns
  const mask = { left, right, top, bottom, cover: new Float64Array(stride * (bottom - top)), stride };
  let x0 = path[path.length - 2];
  let y0 = path[path.length - 1];
  for (let i = 0; i < path.length; i += 2) {
    const x1 = path[i];
    const y1 = path[i + 1];
    if (y0 < y1) addEdge(mask, x0, y0, x1, y1, 1);
    else if (y1 < y0) addEdge(mask, x1, y1, x0, y0, -1);
    x0 = x1;
    y0 = y1;
  }
  const { cover } = mask;
  for (let row = 0; row < cover.length; row += stride) {
    let sum = 0;
    for (let i = row; i < row + stride - 2; i++) {
      sum += cover[i];
      cover[i] = Math.min(1, Math.abs(sum));
    }
  }
  return mask;
}

/** Adds the edge from (x0, y0) down to (x1, y1). */
function addEdge(mask: Mask, x0: number, y0: number, x1: number, y1: number, direction: number): void {
  const { left, top, cover, stride } = mask;
  const width = mask.right - left;
  for (let y = Math.max(top, Math.floor(y0)); y < Math.min(mask.bottom, y1); y++) {
    const from = Math.max(y, y0);
    const to = Math.min(y + 1, y1);
    const a = Math.min(width, Math.max(0, x0 - left + (x1 - x0) * ((from - y0) / (y1 - y0))));
    const b = Math.min(width, Math.max(0, x0 - left + (x1 - x0) * ((to - y0) / (y1 - y0))));
    const start = Math.min(a, b);
    const end = Math.max(a, b);
    const area = (to - from) * direction;
    const first = Math.floor(start);
    const at = (y - top) * stride + first;
    if (end <= first + 1) {
      addArea(cover, at, area, first + 1 - (start + end) / 2);
      continue;
    }
    for (let x = first; x < end; x++) {
      const low = Math.max(start, x);
      const high = Math.min(end, x + 1);
      addArea(cover, at + x - first, area * ((high - low) / (end - start)), x + 1 - (low + high) / 2);
    }
  }
}

/** Adds the part of a pixel to the right of an edge, and the rest to its neighbour. */
function addArea(cover: Float64Array, at: number, area: number, inside: number): void {
  cover[at] += area * inside;
  cover[at + 1] += area * (1 - inside);
}

/** Paints a path in one grey, within `clip` if given. */
export function fill(canvas: Canvas, path: Path, grey: number, opacity = 1, clip?: Mask): void {
  if (opacity === 0) return;
  const { size, values } = canvas;
  const { left, right, top, bottom, cover, stride } = maskOf(path, size);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const share = cover[(y - top) * stride + x - left] * (clip ? coverAt(clip, x, y) : 1);
      values[y * size + x] += (grey - values[y * size + x]) * share * opacity;
    }
  }
}

function coverAt({ left, right, top, bottom, cover, stride }: Mask, x: number, y: number): number {
  return x >= left && x < right && y >= top && y < bottom ? cover[(y - top) * stride + x - left] : 0;
}

/** An ellipse whose first radius points along the unit vector (axisX, axisY). */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  readonly axisX: number;
  readonly axisY: number;
}

/**
 * Lightens (amount > 0) or darkens a spot, within `clip` if given: by the factor 1 + amount · (1 − r²)², where r is the
 * distance from the centre in radii.
 */
export function shade({ size, values }: Canvas, spot: Spot, amount: number, clip?: Mask): void {
  if (amount === 0) return;
  const { axisX, axisY, radiusX, radiusY } = spot;
  const reach = Math.max(radiusX, radiusY);
  const right = Math.min(size - 1, spot.x + reach);
  const bottom = Math.min(size - 1, spot.y + reach);
  for (let y = Math.max(0, Math.floor(spot.y - reach)); y <= bottom; y++) {
    for (let x = Math.max(0, Math.floor(spot.x - reach)); x <= right; x++) {
      const dx = x + 0.5 - spot.x;
      const dy = y + 0.5 - spot.y;
      const u = (dx * axisX + dy * axisY) / radiusX;
      const v = (dy * axisX - dx * axisY) / radiusY;
      const rest = 1 - u * u - v * v;
      if (rest <= 0) continue;
      values[y * size + x] *= 1 + amount * rest * rest * (clip ? coverAt(clip, x, y) : 1);
    }
  }
}

/** Outlines a line along `path`, `width` wide in the middle and `endWidth` at both ends. */
export function strokeOutline(path: Path, width: number, endWidth = width): Path {
  const count = path.length / 2;
  const outline: number[] = [];
  const right: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = Math.max(0, i - 1) * 2;
    const after = Math.min(count - 1, i + 1) * 2;
    const dx = path[after] - path[before];
    const dy = path[after + 1] - path[before + 1];
    const along = (2 * i) / (count - 1) - 1;
    const half = (endWidth + (width - endWidth) * (1 - along * along)) / 2;
    const scale = half / Math.max(1e-9, Math.sqrt(dx * dx + dy * dy));
    outline.push(path[2 * i] - dy * scale, path[2 * i + 1] + dx * scale);
    right.push(path[2 * i] + dy * scale, path[2 * i + 1] - dx * scale);
  }
  for (let i = right.length - 2; i >= 0; i -= 2) outline.push(right[i], right[i + 1]);
  return outline;
}

const CORNERS = 16;
const CIRCLE = Array.from({ length: CORNERS }, (_, i) => {
  const angle = (2 * Math.PI * i) / CORNERS - Math.PI;
  return { x: cos(angle), y: cos(angle - Math.PI / 2) };
});

/** Makes an upright ellipse. */
export function ellipse(centreX: number, centreY: number, radiusX: number, radiusY: number): Path {
  const path: number[] = [];
  for (const { x, y } of CIRCLE) path.push(centreX + radiusX * x, centreY + radiusY * y);
  return path;
}

/** Draws a smooth open curve through the points: adds a point of the Catmull–Rom spline in the middle of each step. */
export function smooth(path: Path): Path {
  const last = path.length - 2;
  const curve: number[] = [];
  for (let i = 0; i < last; i += 2) {
    curve.push(path[i], path[i + 1]);
    for (let axis = 0; axis < 2; axis++) {
      const before = path[Math.max(0, i - 2) + axis];
      const after = path[Math.min(last, i + 4) + axis];
      curve.push((9 * (path[i + axis] + path[i + 2 + axis]) - before - after) / 16);
    }
  }
  return [...curve, path[last], path[last + 1]];
}
