import { describe, expect, it } from 'vitest';
import { barChart } from '../../src/charts/bar-chart.ts';
import { frontChart } from '../../src/charts/front-chart.ts';
import { intervalChart } from '../../src/charts/interval-chart.ts';
import { lineChart } from '../../src/charts/line-chart.ts';
import { drawPlot } from '../../src/charts/plot.ts';
import { sizeChart } from '../../src/charts/size-chart.ts';

const HOSTILE = '<script>alert(1)</script>';

describe('charts of a page', () => {
  it('place values between their axes, larger ones higher', () => {
    const { x, y } = drawPlot({ xTitle: 'x', yTitle: 'y', xs: [0, 10], ys: [1, 2] });
    expect(x.at(10)).toBeGreaterThan(x.at(0));
    expect(y.at(2)).toBeLessThan(y.at(1));
    const empty = drawPlot({ xTitle: 'x', yTitle: 'y', xs: [], ys: [] });
    expect(Number.isFinite(empty.x.at(0.5))).toBe(true);
  });

  it('draw a line with gaps, and marks only for few points', () => {
    const points = (count: number) =>
      Array.from({ length: count }, (_, x) => ({ x, y: x === 2 ? null : x, title: `at ${x}` }));
    const chart = (count: number) =>
      lineChart({
        id: 'one',
        title: HOSTILE,
        xTitle: 'x',
        yTitle: 'y',
        series: [{ name: HOSTILE, points: points(count) }],
      }).text;
    const path = /class="line" d="([^"]*)"/.exec(chart(5))?.[1] ?? '';
    expect(path.match(/[ML]/g)?.join('')).toBe('MLML');
    expect(chart(5).match(/class="mark"/g)?.length).toBe(4);
    expect(chart(100)).not.toContain('class="mark"');
    expect(chart(5)).not.toContain('<script');
    expect(chart(5)).not.toContain('legend'); // for a single line
    expect(chart(1)).not.toContain('NaN');
  });

  it('draw intervals on an axis with a line at zero, which is always there', () => {
    const row = (value: number, half: number, main = true) => {
      const interval = [value - half, value + half] as const;
      return { label: HOSTILE, value, interval, text: `${value}`, main };
    };
    const { text } = intervalChart({ id: 'leads', title: HOSTILE, rows: [row(5, 2), row(9, 3, false)] });
    const zero = Number(/class="axis" d="M([\d.]+) /.exec(text)?.[1]);
    const whiskers = [...text.matchAll(/class="whisker" d="M([\d.]+) [\d.]+H([\d.]+)"/g)];
    const marks = [...text.matchAll(/class="mark" cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(marks[1]).toBeGreaterThan(marks[0]);
    for (const [index, [, low, high]] of whiskers.entries()) {
      expect(Number(low)).toBeGreaterThan(zero);
      expect((Number(low) + Number(high)) / 2).toBeCloseTo(marks[index], 0);
    }
    expect(text.match(/class="main series-0"/g)).toHaveLength(1);
    expect(text).not.toContain('<script');
  });

  it('link each point of a front, and draw its staircase downwards', () => {
    const point = (x: number, y: number, ringed = false) => {
      return { x, y, title: HOSTILE, href: `#genome-${x}`, genome: `${x}`, ringed };
    };
    const { text } = frontChart({
      id: 'front',
      title: 'front',
      xTitle: 'x',
      yTitle: 'y',
      series: [
        { name: 'first', points: [point(3, 1, true), point(1, 3), point(2, 2)] },
        { name: 'second', points: [] },
      ],
    });
    const genomes = [...text.matchAll(/<a data-genome="(\d)" href="#genome-\1">/g)].map(
      ([, genome]) => genome,
    );
    expect(genomes).toEqual(['3', '1', '2']);
    expect(text.match(/class="ring"/g)?.length).toBe(1);
    const steps = /staircase" d="([^"]*)"/.exec(text)?.[1] ?? '';
    const heights = [...steps.matchAll(/(?:V|M[\d.]+ )([\d.]+)/g)].map(([, height]) => Number(height));
    expect(heights.length).toBe(3);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b)); // y grows downward in a picture
    expect(text).toContain('class="legend"');
    expect(text).not.toContain('<script');
  });

  it('draw bars as long as their values, within the chart', () => {
    const bar = (value: number) => ({ label: HOSTILE, value, text: `${value}`, main: false });
    const widths = (maximum?: number) => {
      const { text } = barChart({ id: 'bars', title: 'bars', bars: [bar(1), bar(0.25), bar(0)], maximum });
      expect(text).not.toContain('<script');
      return [...text.matchAll(/class="fill" x="0" y="\d+" width="([\d.]+)"/g)].map(([, width]) =>
        Number(width),
      );
    };
    expect(widths()).toEqual([240, 60, 0]);
    expect(widths(2)).toEqual([120, 30, 0]);
    expect(widths(0.5)).toEqual([240, 120, 0]);
  });

  it('draw the highest value up to each size as a staircase, and link only marks with a target', () => {
    const point = (size: number, value: number, href: string | null = null) => {
      return {
        size,
        value,
        interval: [value - 1, value + 1] as const,
        title: HOSTILE,
        href,
        isRinged: size === 3,
      };
    };
    const chart = (reference: number | null) =>
      sizeChart({
        id: 'sizes',
        title: HOSTILE,
        xTitle: 'x',
        yTitle: 'y',
        ticks: [{ value: 4, label: '4' }],
        isLogarithmic: true,
        points: [point(3, 90, '#c'), point(1, 80, '#a'), point(2, 70)],
        reference:
          reference === null
            ? null
            : {
                label: HOSTILE,
                value: reference,
                interval: [reference - 1, reference + 1],
              },
      }).text;
    const text = chart(95);
    const steps = /staircase" d="([^"]*)"/.exec(text)?.[1] ?? '';
    expect(steps.match(/[MHV]/g)?.join('')).toBe('MHVH'); // the point below the staircase is no step
    expect([...text.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href)).toEqual(['#a', '#c']);
    expect(text.match(/class="other"/g)?.length).toBe(1);
    expect(text.match(/class="ring"/g)?.length).toBe(1);
    expect(text.match(/class="band"/g)?.length).toBe(1);
    expect(chart(null)).not.toContain('class="band"');
    expect(text).not.toContain('<script');
    expect(text).not.toContain('NaN');
  });
});
