import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/hash.ts';
import { randomStream } from '../../src/core/random.ts';
import { renderFrame } from '../../src/landmarks/frame.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { cropAsIs, wholeOf } from '../../src/landmarks/similarity.ts';

function noise(width: number, height: number) {
  const random = randomStream('noise', width, height);
  return { pixels: Uint8Array.from({ length: width * height }, () => random.integer(0, 255)), width, height };
}

/** Grey level 2x + y at every pixel centre: bilinear sampling gives it exactly. */
function ramp(width: number, height: number, slope = 1) {
  const pixels = Float64Array.from(
    { length: width * height },
    (_, i) => slope * (2 * ((i % width) + 0.5) + Math.floor(i / width) + 0.5),
  );
  return { pixels, width, height };
}

const at = (frame: Uint8Array, x: number, y: number) => frame[y * FACE_FRAME.size + x];

describe('renderFrame', () => {
  it('copies a 48×48 crop pixel by pixel and repeats its edge in the border', () => {
    const image = noise(48, 48);
    const frame = renderFrame(image, cropAsIs(wholeOf(image)));
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        const column = Math.min(Math.max(x - 8, 0), 47);
        const row = Math.min(Math.max(y - 8, 0), 47);
        expect(at(frame, x, y)).toBe(image.pixels[row * 48 + column]);
      }
    }
  });

  it('samples a ramp at the centres of the frame pixels under any similarity', () => {
    const image = ramp(64, 64);
    const similarity = { a: 1.25, b: 0.25, tx: -3.5, ty: 1.75 };
    const frame = renderFrame(image, similarity);
    for (const [x, y] of [
      [20, 20],
      [30, 41],
      [40, 33],
    ]) {
      const square = similarity.a ** 2 + similarity.b ** 2;
      const u = x + 0.5 - similarity.tx;
      const v = y + 0.5 - similarity.ty;
      const imageX = (similarity.a * u + similarity.b * v) / square;
      const imageY = (similarity.a * v - similarity.b * u) / square;
      expect(at(frame, x, y)).toBe(Math.floor(2 * imageX + imageY + 0.5));
    }
  });

  it('rounds halves up', () => {
    const image = { pixels: [10, 11], width: 2, height: 1 };
    const frame = renderFrame(image, { a: 1, b: 0, tx: 8.5, ty: 8 });
    expect(at(frame, 9, 8)).toBe(11); // its centre lies half-way between the two pixels
  });

  it('averages every pixel of a large image', () => {
    const image = ramp(480, 480, 0.1);
    const frame = renderFrame(image, cropAsIs(wholeOf(image)));
    const exact = (x: number, y: number) => 2 * (x - 7.5) + (y - 7.5);
    for (const [x, y] of [
      [8, 8],
      [20, 50],
      [55, 12],
    ]) {
      expect(Math.abs(at(frame, x, y) - exact(x, y))).toBeLessThanOrEqual(0.5001);
    }
    const stripes = {
      pixels: Uint8Array.from({ length: 480 * 480 }, (_, i) => (i % 2) * 255),
      width: 480,
      height: 480,
    };
    expect(new Set(renderFrame(stripes, cropAsIs(wholeOf(stripes))))).toEqual(new Set([128]));
  });

  it('averages what is left at the far edges', () => {
    const image = { pixels: new Uint8Array(101 * 97).fill(77), width: 101, height: 97 };
    expect(new Set(renderFrame(image, cropAsIs(wholeOf(image))))).toEqual(new Set([77]));
  });

  it('never leaves the range of the grey levels of the image', () => {
    const similarity = fc.record({
      a: fc.double({ min: -3, max: 3, noNaN: true }).filter((a) => Math.abs(a) > 0.05),
      b: fc.double({ min: -3, max: 3, noNaN: true }),
      tx: fc.double({ min: -200, max: 200, noNaN: true }),
      ty: fc.double({ min: -200, max: 200, noNaN: true }),
    });
    const sides = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(similarity, sides, (map, [width, height]) => {
        const image = noise(width, height);
        const frame = renderFrame(image, map);
        expect(Math.min(...frame)).toBeGreaterThanOrEqual(Math.min(...image.pixels));
        expect(Math.max(...frame)).toBeLessThanOrEqual(Math.max(...image.pixels));
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same bytes everywhere', () => {
    const frame = renderFrame(noise(90, 70), { a: 0.9, b: -0.31, tx: 4.2, ty: 11.7 });
    const small = renderFrame(noise(300, 200), { a: 0.21, b: 0.05, tx: 1.1, ty: 2.2 });
    expect(sha256(frame, small)).toBe('1a083defce03a095b16a16d74dbcaa4946ab5c2aab76a5f97db2b63c248fe82f');
  });
});
