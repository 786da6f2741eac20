import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutPicture, insideOf } from '../../src/landmarks/picture.ts';
import { cut, noise } from './photos.ts';

describe('cutPicture', () => {
  it('keeps the pixels of a small box', () => {
    const photo = noise(30, 20);
    const box = { x: 4, y: 3, width: 17, height: 9 };
    const { values, width, height, factor } = cutPicture(photo, box, 112);
    expect([width, height, factor]).toEqual([17, 9, 1]);
    expect([...values]).toEqual([...cut(photo, box).pixels]);
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

describe('insideOf', () => {
  const photo = noise(10, 8);
  it.each([
    { box: { x: 1.4, y: 1.6, width: 3, height: 3 }, inside: { x: 1, y: 2, width: 3, height: 3 } },
    { box: { x: -3, y: -2, width: 30, height: 30 }, inside: { x: 0, y: 0, width: 10, height: 8 } },
    { box: { x: 9, y: 7, width: 5, height: 5 }, inside: { x: 9, y: 7, width: 1, height: 1 } },
    { box: { x: 10, y: 0, width: 5, height: 5 }, inside: undefined },
    { box: { x: 2, y: 2, width: 0.2, height: 5 }, inside: undefined },
    { box: { x: Number.NaN, y: 2, width: 3, height: 5 }, inside: undefined },
  ])('of $box is $inside', ({ box, inside }) => {
    expect(insideOf(photo, box)).toEqual(inside);
  });
});
