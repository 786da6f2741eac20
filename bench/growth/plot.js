// Time and memory over the smallest point of each axis, on logarithmic scales, as two charts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartSvg } from '../../research/charts/chart-frame.js';
import { drawCurves } from '../../research/charts/draw-curves.js';
import { mediansOf } from './table.js';

const CHARTS = {
  time: { title: 'Time as each size grows', of: ({ stages }) => stages.work },
  memory: { title: 'Peak of memory as each size grows', of: ({ peakBytes }) => peakBytes },
};

/** Writes growth-time.svg and growth-memory.svg into a folder. */
export function writePlots(folder, measurements) {
  const axes = [...new Set(measurements.map(({ axis }) => axis))];
  const all = axes
    .map((axis) => [axis, mediansOf(axis, measurements)])
    .filter(([, { length }]) => length > 1);
  for (const [name, { title, of }] of Object.entries(CHARTS)) {
    const lines = all.map(([axis, medians]) => {
      const base = of(medians[0]).median;
      const over = (end) => medians.map((one) => of(one)[end] / base);
      const samples = medians.map(({ x }) => x / medians[0].x);
      return { title: axis, samples, mean: over('median'), least: over('minimum'), most: over('maximum') };
    });
    const most = Math.max(...lines.flatMap(({ mean }) => mean));
    const same = [1, most];
    const proportion = { title: 'in proportion', samples: same, mean: same, least: same, most: same };
    const chart = {
      title,
      subtitle: 'median, shaded from the least to the most',
      xTitle: 'size, over the smallest one',
      yTitle: `${name}, over that of the smallest size`,
      lines: [...lines, proportion],
      areRatios: true,
    };
    writeFileSync(
      join(folder, `growth-${name}.svg`),
      chartSvg((context) => drawCurves(context, chart)),
    );
  }
}
