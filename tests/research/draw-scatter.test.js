import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { chartPng, chartSvg } from '../../research/charts/chart-frame.js';
import { drawScatter, logAxisOf } from '../../research/charts/draw-scatter.js';

const point = (x, y, title, deviation = null) => {
  return { x, y, deviation, title };
};

describe('points above a logarithmic axis', () => {
  const chart = {
    title: 'Title',
    subtitle: 'Subtitle',
    xTitle: 'x',
    yTitle: 'y',
    series: [
      { title: 'ours', joined: true, points: [point(1e5, 65, 'large'), point(2e4, 62, 'small', 0.3)] },
      { title: 'theirs', joined: false, points: [point(2e6, 66, 'wide'), point(2.1e6, 66.1, 'as wide')] },
      { title: 'of nobody', joined: false, points: [] },
    ],
  };
  const draw = (of) => (context) => drawScatter(context, of);
  const pixels = async (of) => {
    const { data } = await sharp(chartPng(draw(of), 1))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return data;
  };

  test('have the colours of the series that have points', async () => {
    const data = await pixels(chart);
    const colors = new Set();
    for (let i = 0; i < data.length; i += 3) colors.add(data.readUIntBE(i, 3));
    expect(colors).toContain(0x0072b2);
    expect(colors).not.toContain(0x009e73);
  });

  test('higher values stand higher, larger ones further right', async () => {
    const placesOf = async (series) => {
      const data = await pixels({ ...chart, series });
      const places = [];
      for (let y = 100; y < 500; y++) {
        for (let x = 0; x < 960; x++) {
          if (data.readUIntBE(3 * (y * 960 + x), 3) === 0x0072b2) places.push([x, y]);
        }
      }
      return places;
    };
    const frame = [point(1e3, 40, ''), point(1e6, 80, '')];
    const withFrame = (x, y) => [
      { title: '', joined: false, points: [point(x, y, '')] },
      { title: '', joined: false, points: frame },
    ];
    const mean = (places, axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
    const [low, high] = [await placesOf(withFrame(1e4, 50)), await placesOf(withFrame(1e5, 70))];
    expect(mean(high, 0) - mean(low, 0)).toBeCloseTo((930 - 64 - 40) / 3, -1);
    expect(mean(low, 1)).toBeGreaterThan(mean(high, 1) + 100);
  });

  test('are the same picture each time, or an SVG', async () => {
    expect(chartPng(draw(chart))).toEqual(chartPng(draw(chart)));
    expect(await sharp(Buffer.from(chartSvg(draw(chart)))).metadata()).toMatchObject({
      width: 960,
      height: 560,
    });
  });
});

test('a logarithmic axis', () => {
  const { at, ticks } = logAxisOf([17_575, 1_944_199, 60_000], 10, 110);
  expect(ticks.map(({ label }) => label)).toEqual(['20 k', '50 k', '100 k', '200 k', '500 k', '1 M']);
  expect([at(17_575), at(1_944_199)]).toEqual([10, 110]);
  expect(at(400) - at(40)).toBeCloseTo(at(50) - at(5), 9);
  expect(logAxisOf([500, 500], 10, 110).at(500)).toBe(10);
  expect(logAxisOf([0.4, 5], 0, 1).ticks.map(({ label }) => label)).toEqual(['0.5', '1', '2', '5']);
});
