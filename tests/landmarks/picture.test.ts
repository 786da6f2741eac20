import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipToPhoto, cutPhoto, cutPicture, squarePicture } from '../../src/landmarks/picture.ts';
import { noise } from './photos.ts';

describe('cutPicture', () => {
  it('keeps the pixels of a small box', () => {
    const photo = noise(30, 20);
    const box = { x: 4, y: 3, width: 17, height: 9 };
    const { values, width, height, factor } = cutPicture(photo, box, 112);
    expect([width, height, factor]).toEqual([17, 9, 1]);
    expect([...values]).toEqual([...cutPhoto(photo, box).pixels]);
  });

  it('averages blocks of a large one, those at the edges over what is left', () => {
    const levels = [
      [0, 4, 10],
      [8, 8, 20],
      [1, 5, 99],
    ];
    const photo = { pixels: Uint8Array.from(levels.flat().flatMap((v) => [v, v, v])), width: 3, height: 3 };
    const { values, width, height, factor } = cutPicture(photo, { x: 0, y: 0, width: 3, height: 3 }, 1.5);
    expect([width, height, factor]).toEqual([2, 2, 2]);
    expect([...values].filter((_, i) => i % 3 === 0)).toEqual([5, 15, 3, 99]);
  });

  it('stays below twice the size and keeps the mean', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }), (columns, rows) => {
        const picture = cutPicture(noise(columns, rows), { x: 0, y: 0, width: columns, height: rows }, 8);
        expect(Math.max(picture.width, picture.height)).toBeLessThan(16 + 1);
        expect(picture.width * picture.factor).toBeGreaterThanOrEqual(columns);
        expect((picture.width - 1) * picture.factor).toBeLessThan(columns);
        expect(picture.values.every((value) => value >= 0 && value <= 255)).toBe(true);
      }),
      { seed: 4, numRuns: 50 },
    );
  });
});

describe('squarePicture', () => {
  /** Red is the column and green the row, as continuous coordinates of the pixel's centre. */
  const ramp = (width: number, height: number) => ({
    pixels: Uint8Array.from({ length: 3 * width * height }, (_, i) => {
      const at = Math.floor(i / 3);
      return [2 * (at % width) + 1, 2 * Math.floor(at / width) + 1, 200][i % 3];
    }),
    width,
    height,
  });

  it.each([
    { box: { x: 0, y: 0, width: 48, height: 48 }, size: 112 },
    { box: { x: 5, y: 9, width: 30, height: 20 }, size: 64 },
    { box: { x: 40, y: 3, width: 10, height: 90 }, size: 50 },
    { box: { x: 2, y: 1, width: 97, height: 97 }, size: 20 },
  ])('shows at each point what toPhoto gives, $box in $size', ({ box, size }) => {
    const { values, toPhoto } = squarePicture(ramp(100, 100), box, size);
    expect(values).toHaveLength(3 * size * size);
    const inner = (coordinate: number, start: number, length: number) =>
      coordinate > start + length * 0.1 + 0.5 && coordinate < start + length * 0.9 - 0.5;
    let seen = 0;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const [x, y] = toPhoto(column + 0.5, row + 0.5);
        if (!inner(x, box.x, box.width) || !inner(y, box.y, box.height)) continue;
        const at = 3 * (row * size + column);
        expect(values[at] / 2).toBeCloseTo(x, 3);
        expect(values[at + 1] / 2).toBeCloseTo(y, 3);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(0.05 * size * size);
  });

  it('keeps the box in the middle, black beside it', () => {
    const white = { pixels: new Uint8Array(3 * 40 * 20).fill(255), width: 40, height: 20 };
    const { values, toPhoto } = squarePicture(white, { x: 0, y: 0, width: 40, height: 20 }, 40);
    const rows = Array.from({ length: 40 }, (_, row) => values[3 * 40 * row + 60]);
    expect(rows).toEqual(Array.from({ length: 40 }, (_, row) => (row >= 10 && row < 30 ? 255 : 0)));
    expect(toPhoto(0, 10)).toEqual([0, 0]);
    expect(toPhoto(40, 30)).toEqual([40, 20]);
  });

  it('takes a single pixel and lines', () => {
    for (const [width, height] of [
      [1, 1],
      [1, 70],
      [70, 1],
    ]) {
      const { values } = squarePicture(noise(width, height), { x: 0, y: 0, width, height }, 16);
      expect(values.every((value) => value >= 0 && value <= 255)).toBe(true);
      if (width === height) expect(values.some((value) => value > 0)).toBe(true);
    }
  });
});

describe('clipToPhoto', () => {
  const photo = noise(10, 8);
  it.each([
    { box: { x: 1.4, y: 1.6, width: 3, height: 3 }, inside: { x: 1, y: 2, width: 3, height: 3 } },
    { box: { x: -3, y: -2, width: 30, height: 30 }, inside: { x: 0, y: 0, width: 10, height: 8 } },
    { box: { x: 9, y: 7, width: 5, height: 5 }, inside: { x: 9, y: 7, width: 1, height: 1 } },
    { box: { x: 10, y: 0, width: 5, height: 5 }, inside: undefined },
    { box: { x: 2, y: 2, width: 0.2, height: 5 }, inside: undefined },
    { box: { x: Number.NaN, y: 2, width: 3, height: 5 }, inside: undefined },
  ])('of $box is $inside', ({ box, inside }) => {
    expect(clipToPhoto(photo, box)).toEqual(inside);
  });
});
