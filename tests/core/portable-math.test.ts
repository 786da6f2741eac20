import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atan2, cos, exp, log } from '../../src/core/portable-math.ts';

/** Relative error of large values, absolute error of small ones. */
const error = (value: number, expected: number) =>
  Math.abs(value - expected) / Math.max(Math.abs(expected), 1);
const relative = (value: number, expected: number) => Math.abs(value / expected - 1);

describe('exp', () => {
  it('agrees with Math.exp over its whole range', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => {
        expect(relative(exp(x), Math.exp(x))).toBeLessThan(2e-15);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('is correct at its limits', () => {
    expect(exp(0)).toBe(1);
    expect(exp(-745.1)).toBe(5e-324);
    expect(exp(709.78)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect([exp(-746), exp(Number.NEGATIVE_INFINITY)]).toEqual([0, 0]);
    expect([exp(710), exp(Number.POSITIVE_INFINITY)]).toEqual([Infinity, Infinity]);
    expect(exp(Number.NaN)).toBeNaN();
  });
});

describe('log', () => {
  it('agrees with Math.log for all positive numbers', () => {
    fc.assert(
      fc.property(fc.double({ min: 5e-324, noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(error(log(x), Math.log(x))).toBeLessThan(2e-15);
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  it('is exact to the last digits near 1', () => {
    for (const x of [0.5, 0.9, 0.999999, 1.000001, 1.1, 2]) {
      expect(relative(log(x), Math.log(x))).toBeLessThan(1e-15);
    }
  });

  it('is correct at its limits', () => {
    expect([log(1), log(0), log(Number.POSITIVE_INFINITY)]).toEqual([0, -Infinity, Infinity]);
    expect(log(-1)).toBeNaN();
    expect(log(Number.NaN)).toBeNaN();
  });

  it('undoes exp', () => {
    for (let x = -700; x <= 700; x += 13.7) expect(error(log(exp(x)), x)).toBeLessThan(3e-15);
  });
});

describe('cos', () => {
  it('agrees with Math.cos over a whole turn to both sides', () => {
    fc.assert(
      fc.property(fc.double({ min: -2 * Math.PI, max: 2 * Math.PI, noNaN: true }), (x) => {
        expect(error(cos(x), Math.cos(x))).toBeLessThan(5e-15);
      }),
      { numRuns: 2000, seed: 3 },
    );
    expect(cos(0)).toBe(1);
  });
});

describe('atan2', () => {
  it('agrees with Math.atan2 in all directions', () => {
    const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0);
    fc.assert(
      fc.property(coordinate, coordinate, (y, x) => {
        if (Math.abs(x) + Math.abs(y) < 1e-100) return; // their squares underflow
        expect(error(atan2(y, x), Math.atan2(y, x))).toBeLessThan(2e-15);
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  it('agrees near the axes', () => {
    for (const [y, x] of [
      [1e-9, -1],
      [-1e-9, -1],
      [1, 1e-9],
      [-1, -1e-9],
      [1e-9, 1],
      [3, 3],
      [-3, 3],
    ]) {
      expect(error(atan2(y, x), Math.atan2(y, x))).toBeLessThan(2e-15);
    }
    expect([atan2(0, 1), atan2(0, -1), atan2(0, 0)]).toEqual([0, Math.PI, 0]);
  });
});
