// How time and the peak of memory grow with samples, patches, parameters, population and workers: tables with the slope of each on
// logarithmic scales.
//
//   node bench/growth.js --out FILE.jsonl [--axis samples|patches|parameters|population|workers] [--rounds 3] [--quick] [--table]
//     [--plot DIR] [--json]
//
// Each point is a process of its own; the rounds go through all points in turn. The largest point of `samples` draws a million faces,
// which fill 4.1 GB: `--axis samples --rounds 1` suffices for it. --quick measures two small points of each axis. Every measurement is a
// line of FILE: a run that was cut goes on with the same command, and --table only shows the tables.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { AXES } from './growth/axes.js';
import { writePlots } from './growth/plot.js';
import { growthTables, mediansOf, slopesOf } from './growth/table.js';
import { openMeasurements } from './measurement-file.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    axis: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    plot: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
if (values.axis !== undefined && AXES[values.axis] === undefined)
  throw new Error(`--axis is one of ${Object.keys(AXES).join(', ')}`);

const POINT = fileURLToPath(new URL('growth/point.js', import.meta.url));
const file = openMeasurements(values.out);
const measurements = file.all;
if (!values.table) measureAll();
if (values.plot !== undefined) writePlots(values.plot, measurements);
if (values.json) {
  const axes = [...new Set(measurements.map(({ axis }) => axis))].map((axis) => {
    const points = mediansOf(axis, measurements);
    return { axis, points, slopes: slopesOf(points) };
  });
  console.log(JSON.stringify({ axes, measurements }));
} else console.log(growthTables(measurements));

function measureAll() {
  const axes = values.axis === undefined ? Object.keys(AXES) : [values.axis];
  for (let round = 1; round <= Number(values.rounds); round++)
    for (const axis of axes)
      for (const point of values.quick ? AXES[axis].quick : AXES[axis].points) {
        const job = { round, axis, value: point.value };
        if (!file.has(job)) measure(job, point);
      }
}

function measure(job, point) {
  const output = execFileSync(process.execPath, [POINT, JSON.stringify(point)], { encoding: 'utf8' });
  const measured = { ...job, ...JSON.parse(output.trim().split('\n').at(-1)) };
  file.add(measured);
  const { round, axis, value, stages, peakBytes } = measured;
  const memory = `${(peakBytes / 1e6).toFixed(0)} MB`;
  console.error(`round ${round}, ${axis} ${value}: ${stages.work.toFixed(2)} s, ${memory}`);
}
