import type { SKRSContext2D } from 'canvas';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { axisOf, logAxisOf } from '../../src/charts/axis.ts';
import { chartPng, chartSvg } from '../../src/charts/chart-frame.ts';
import { apart, type CurveChart, drawCurves } from '../../src/charts/draw-curves.ts';

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

test('an axis of whole numbers has ticks at whole numbers alone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 }), (least, range) => {
      const { ticks } = axisOf([least, least + range], 0, 1, { exact: true, whole: true });
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(8);
      for (const { value, label } of ticks)
        expect([Number.isInteger(value), label]).toEqual([true, `${value}`]);
    }),
  );
});

test('an exact axis ends where the values do', () => {
  const { at, ticks } = axisOf([0, 3.28], 0, 328, { exact: true });
  expect(ticks.map(({ label }) => label)).toEqual(['0', '1', '2', '3']);
  expect(at(3.28)).toBeCloseTo(328, 9);
  expect(at(1)).toBeCloseTo(100, 9);
});

test('a logarithmic axis', () => {
  const { at, ticks } = logAxisOf([17_575, 1_944_199, 60_000], 10, 110);
  expect(ticks.map(({ label }) => label)).toEqual(['20 k', '50 k', '100 k', '200 k', '500 k', '1 M']);
  expect([at(17_575), at(1_944_199)]).toEqual([10, 110]);
  expect(at(400) - at(40)).toBeCloseTo(at(50) - at(5), 9);
  expect(logAxisOf([500, 500], 10, 110).at(500)).toBe(10);
  expect(logAxisOf([0.4, 5], 0, 1).ticks.map(({ label }) => label)).toEqual(['0.5', '1', '2', '5']);
});

test.each<[number[], number[]]>([
  [
    [10, 50, 90],
    [10, 50, 90],
  ],
  [
    [10, 12, 90],
    [10, 30, 90],
  ],
  [
    [98, 99, 100],
    [60, 80, 100],
  ],
])('names at %j come apart at %j', (places, moved) => {
  expect(apart(places, 20, 100)).toEqual(moved);
});

describe('a chart', () => {
  const line = (title: string, main: boolean, height: number) => ({
    title,
    main,
    samples: [0.1, 1, 2],
    mean: [height, height + 0.1, height + 0.2],
    least: [height, height + 0.05, height + 0.1],
    most: [height, height + 0.15, height + 0.3],
  });
  const chart: CurveChart = {
    title: 'Title',
    subtitle: 'Subtitle',
    xTitle: 'x',
    yTitle: 'y',
    lines: [line('first', true, 0.3), line('second', false, 0.1)],
    level: { value: 0.25, title: 'a level' },
    mark: { samples: 1, value: 0.4, title: 'a mark' },
  };

  const draw = (context: SKRSContext2D) => drawCurves(context, chart);

  test('is a picture with the colours of its lines', async () => {
    const { data, info } = await sharp(chartPng(draw, 1))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 960, height: 560 });
    const colors = new Set<number>();
    for (let i = 0; i < data.length; i += 3) colors.add(data.readUIntBE(i, 3));
    expect(colors).toContain(0x0072b2);
    expect(colors).toContain(0x1d1d1f);
    expect(colors).not.toContain(0x009e73);
  });

  test('is the same picture each time', () => {
    expect(chartPng(draw)).toEqual(chartPng(draw));
  });

  test('can be an SVG', async () => {
    const svg = Buffer.from(chartSvg(draw));
    expect(svg.toString()).toMatch(/^<[?]xml.+<svg.+<\/svg>\s*$/s);
    expect(await sharp(svg).metadata()).toMatchObject({ width: 960, height: 560 });
  });
});
