// Times the report on a finished run, and loading its data. The target is 10 seconds beyond loading for the 3,589 validation
// faces of FER2013.
//
//   node bench/report.js RUN --data FER.csv.gz [--points POINTS.csv.gz] [--align METHOD] [--out report.html]
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCacheFolder } from '../dist/core/cache-folder.js';
import { loadDataset } from '../dist/data/load-dataset.js';
import { writeReport } from '../dist/report/write-report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    points: { type: 'string' },
    align: { type: 'string' },
    out: { type: 'string', default: join(tmpdir(), 'evopatch-report.html') },
  },
});
const [run] = positionals;
if (run === undefined || values.data === undefined) throw new Error('RUN and --data are needed');

const { data, points, align, out } = values;
const seconds = async (work) => {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, wall: (performance.now() - start) / 1e3, cpu: (user + system) / 1e6 };
};
const shown = ({ wall, cpu }) => `${wall.toFixed(1)} s (${cpu.toFixed(1)} s of CPU time)`;

const loading = await seconds(() => loadDataset(data, { points, align, cacheFolder: defaultCacheFolder() }));
const dataset = loading.result;
console.log(`loading ${dataset.count} faces: ${shown(loading)}`);
const report = await seconds(() => writeReport({ runs: [run], dataset, out }));
const { bytes } = report.result;
console.log(`report: ${shown(report)}, ${(bytes / 1e6).toFixed(2)} MB`);
