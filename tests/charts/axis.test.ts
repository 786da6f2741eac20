import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisOf, axisWithTicks } from '../../src/charts/axis.ts';

describe('an axis', () => {
  test.each<[number[], string[]]>([
    [
      [0.13, 0.58],
      ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6'],
    ],
    [
      [0, 3.2],
      ['0', '1', '2', '3', '4'],
    ],
    [
      [0.402, 0.4198],
      ['0.400', '0.405', '0.410', '0.415', '0.420'],
    ],
    [
      [120, 1000],
      ['0', '200', '400', '600', '800', '1000'],
    ],
    [
      [-7, 7],
      ['-7.5', '-5.0', '-2.5', '0.0', '2.5', '5.0', '7.5'],
    ],
    [
      [0, 0.6],
      ['0.0', '0.1', '0.2', '0.3', '0.4', '0.5', '0.6'],
    ],
    [
      [0, 59],
      ['0', '10', '20', '30', '40', '50', '60'],
    ],
    [
      [0, 1.3],
      ['0.00', '0.25', '0.50', '0.75', '1.00', '1.25', '1.50'],
    ],
    [
      [0.5, 0.5],
      ['0.5', '0.6'],
    ],
  ])('of %j has the ticks %j', (values, labels) => {
    const { ticks } = axisOf(values, 0, 1);
    expect(ticks.map(({ label }) => label)).toEqual(labels);
  });

  test('puts its ends where they belong, either way round', () => {
    const { at, ticks } = axisOf([0, 10], 500, 100);
    expect(at(ticks[0].value)).toBe(500);
    expect(at(ticks[ticks.length - 1].value)).toBe(100);
    expect(at(5)).toBe(300);
  });
});

test('an axis of whole numbers has ticks only at whole numbers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 }), (minimum, range) => {
      const { ticks } = axisOf([minimum, minimum + range], 0, 1, { exact: true, whole: true });
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(8);
      for (const { value, label } of ticks)
        expect([Number.isInteger(value), label]).toEqual([true, `${value}`]);
    }),
  );
});

test('an exact axis ends at the minimum and maximum', () => {
  const { at, ticks } = axisOf([0, 3.28], 0, 328, { exact: true });
  expect(ticks.map(({ label }) => label)).toEqual(['0', '1', '2', '3']);
  expect(at(3.28)).toBeCloseTo(328, 9);
  expect(at(1)).toBeCloseTo(100, 9);
});

describe('an axis with given ticks', () => {
  const ticks = [1, 10, 100].map((value) => ({ value, label: `${value}` }));

  test('keeps them, with all values within its ends', () => {
    const { ticks: kept, at } = axisWithTicks(ticks, [0, 150], 50, 450, false);
    expect(kept).toBe(ticks);
    expect(at(0)).toBeGreaterThan(50);
    expect(at(150)).toBeLessThan(450);
    expect(at(20) - at(10)).toBeCloseTo(at(110) - at(100), 9);
  });

  test('has equal ratios at equal distances where it is logarithmic', () => {
    const { at } = axisWithTicks(ticks, [3], 0, 100, true);
    expect(at(10) - at(1)).toBeCloseTo(at(100) - at(10), 9);
  });

  test('has a place for a single value', () => {
    expect(axisWithTicks([], [7], 0, 100, true).at(7)).toBeCloseTo(50, 9);
  });
});
