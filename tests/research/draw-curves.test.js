import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { chartPng, chartSvg } from '../../research/charts/chart-frame.js';
import { apart, drawCurves } from '../../research/charts/draw-curves.js';

test.each([
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
  const line = (title, main, height) => ({
    title,
    main,
    samples: [0.1, 1, 2],
    mean: [height, height + 0.1, height + 0.2],
    least: [height, height + 0.05, height + 0.1],
    most: [height, height + 0.15, height + 0.3],
  });
  const chart = {
    title: 'Title',
    subtitle: 'Subtitle',
    xTitle: 'x',
    yTitle: 'y',
    lines: [line('first', true, 0.3), line('second', false, 0.1)],
    level: { value: 0.25, title: 'a level' },
    mark: { samples: 1, value: 0.4, title: 'a mark' },
  };

  const draw = (context) => drawCurves(context, chart);

  test('is a picture with the colours of its lines', async () => {
    const { data, info } = await sharp(chartPng(draw, 1))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 960, height: 560 });
    const colors = new Set();
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
