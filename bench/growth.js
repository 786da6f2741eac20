// How time and the peak of memory grow with samples, patches, parameters, population and workers: tables with the slope of each on
// logarithmic scales.
//
//   node bench/growth.js [--axis samples|patches|parameters|population|workers] [--rounds 3] [--quick] [--plot DIR] [--json]
//
// Each point is a process of its own; the rounds go through all points in turn. The largest point of `samples` draws a million faces,
// which fill 4.1 GB: `--axis samples --rounds 1` suffices for it. --quick measures two small points of each axis.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AXES } from './growth/axes.js';
import { writePlots } from './growth/plot.js';
import { growthTables, mediansOf, slopesOf } from './growth/table.js';

const { values } = parseArgs({
  options: {
    axis: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    plot: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
if (values.axis !== undefined && AXES[values.axis] === undefined)
  throw new Error(`--axis is one of ${Object.keys(AXES).join(', ')}`);

const POINT = fileURLToPath(new URL('growth/point.js', import.meta.url));
const axes = values.axis === undefined ? Object.keys(AXES) : [values.axis];
const measurements = [];
for (let round = 1; round <= Number(values.rounds); round++) {
  for (const axis of axes) {
    for (const point of values.quick ? AXES[axis].quick : AXES[axis].points) {
      const output = execFileSync(process.execPath, [POINT, JSON.stringify(point)], { encoding: 'utf8' });
      const measured = { round, axis, value: point.value, ...JSON.parse(output.trim().split('\n').at(-1)) };
      measurements.push(measured);
      const { stages, peakBytes } = measured;
      console.error(
        `round ${round}, ${axis} ${point.value}: ${stages.work.toFixed(2)} s, ${(peakBytes / 1e6).toFixed(0)} MB`,
      );
    }
  }
}
if (values.plot !== undefined) writePlots(values.plot, measurements);
if (values.json) {
  const growth = axes.map((axis) => {
    const points = mediansOf(axis, measurements);
    return { axis, points, slopes: slopesOf(points) };
  });
  console.log(JSON.stringify({ axes: growth, measurements }));
} else console.log(growthTables(measurements));
