import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Canvas,
  ellipse,
  fill,
  maskOf,
  shade,
  smooth,
  strokeOutline,
} from '../../../src/data/synthetic/drawing.ts';

const blank = (size: number, grey = 0): Canvas => ({
  size,
  values: new Float64Array(size * size).fill(grey),
});
const total = ({ values }: Canvas) => values.reduce((sum, value) => sum + value, 0);

function painted(path: readonly number[], size = 20): Canvas {
  const canvas = blank(size);
  fill(canvas, path, 1);
  return canvas;
}

describe('fill', () => {
  it('covers the exact share of each pixel', () => {
    const { values } = painted([1.25, 1.5, 3, 1.5, 3, 2.75, 1.25, 2.75], 4);
    expect([...values]).toEqual([0, 0, 0, 0, 0, 0.375, 0.5, 0, 0, 0.5625, 0.75, 0, 0, 0, 0, 0]);
  });

  it('paints as much as the area of any triangle inside, whichever way round', () => {
    const coordinate = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(coordinate, coordinate, coordinate, coordinate, coordinate, coordinate),
        (corners) => {
          const [ax, ay, bx, by, cx, cy] = corners;
          const area = Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;
          expect(total(painted(corners))).toBeCloseTo(area, 6);
          expect(total(painted([cx, cy, bx, by, ax, ay]))).toBeCloseTo(area, 6);
        },
      ),
    );
  });

  it('paints what of a path lies on the canvas', () => {
    expect(total(painted([-5, -5, 25, -5, 25, 10, -5, 10]))).toBeCloseTo(200, 9);
    expect(total(painted([30, 30, 40, 30, 40, 40]))).toBe(0);
    expect(total(painted([-9, 2, -3, 2, -3, 8]))).toBe(0);
  });

  it('mixes by opacity and keeps to the clip', () => {
    const canvas = blank(4, 0.5);
    fill(canvas, [0, 0, 4, 0, 4, 4, 0, 4], 1, 0.5, maskOf([2, 0, 4, 0, 4, 2, 2, 2], 4));
    expect(canvas.values[3]).toBe(0.75);
    expect(canvas.values[1]).toBe(0.5);
    expect(canvas.values[11]).toBe(0.5);
  });
});

describe('shapes', () => {
  it('an ellipse has nearly its area', () => {
    const area = total(painted(ellipse(10, 10, 6, 3)));
    expect(area).toBeGreaterThan(0.97 * Math.PI * 18);
    expect(area).toBeLessThan(Math.PI * 18);
  });

  it('a stroke has the given width', () => {
    expect(total(painted(strokeOutline([2, 10, 10, 10, 18, 10], 3)))).toBeCloseTo(48, 9);
    const tapered = painted(strokeOutline([2, 10, 10, 10, 18, 10], 3, 1));
    expect(total(tapered)).toBeCloseTo(32, 9);
  });

  it('a smooth curve goes through its points and bends between them', () => {
    const curve = smooth([0, 0, 4, 4, 8, 0]);
    expect(curve.slice(0, 2)).toEqual([0, 0]);
    expect(curve.slice(4, 6)).toEqual([4, 4]);
    expect(curve.slice(8)).toEqual([8, 0]);
    expect(curve[3]).toBeGreaterThan(2);
  });

  it('shading is strongest in the middle and ends at the rim', () => {
    const canvas = blank(21, 0.5);
    shade(canvas, { x: 10.5, y: 10.5, radiusX: 6, radiusY: 3, axisX: 1, axisY: 0 }, -0.4);
    expect(canvas.values[10 * 21 + 10]).toBeCloseTo(0.3, 12);
    expect(canvas.values[10 * 21 + 14]).toBeLessThan(0.5);
    expect(canvas.values[14 * 21 + 10]).toBe(0.5);
    expect(canvas.values[10 * 21 + 17]).toBe(0.5);
  });
});
