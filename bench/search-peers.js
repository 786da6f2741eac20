// What other optimisers find for the same compute: each drives `evopatch fitness --jsonl`, on the same genomes, rows, rungs and seeds.
//
//   node bench/search-peers.js --out FILE.jsonl [--data synthetic:13500] [--points CSV] [--samples 2.25e6] [--seeds 1,2,3,4,5]
//     [--methods evopatch,optuna-tpe,…] [--workers 1] [--python PATH] [--table] [--plot FILE.svg|FILE.png]
//
// Without --python, the optimisers are installed from PyPI into virtual environments beside FILE, one for all but NePS. Every method
// may train on --samples faces, counted in every epoch: the same work on any machine. The hypervolume is that of the genomes trained to
// the top rung with the shared seed, in the box below the reference point of the objectives (loss, parameters, pixels). With one worker
// every optimiser knows each result before it proposes the next genome, and finds the same again; evopatch-default does with any
// number. A search that has ended is a line of FILE: the same command goes on from there. --table only shows the tables, and with
// --plot draws the curves of --data.
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openMeasurements } from './measurement-file.js';
import { availableModules, makeEnvironment } from './python.js';
import { curveOf } from './search-peers/curve.js';
import { METHODS, PACKAGES } from './search-peers/methods.js';
import { writePlot } from './search-peers/plot.js';
import { searchEvopatch, searchWith } from './search-peers/searches.js';
import { comparisonTable } from './search-peers/table.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    data: { type: 'string', default: 'synthetic:13500' },
    points: { type: 'string' },
    samples: { type: 'string', default: '2.25e6' },
    seeds: { type: 'string', default: '1,2,3,4,5' },
    methods: { type: 'string', default: Object.keys(METHODS).join() },
    workers: { type: 'string', default: '1' },
    python: { type: 'string' },
    table: { type: 'boolean', default: false },
    plot: { type: 'string' },
  },
});
const finished = openMeasurements(values.out);
if (!values.table) await searchAll();
console.log(comparisonTable(finished.all));
const ofData = finished.all.filter(({ data }) => data === values.data);
if (values.plot !== undefined) writePlot(values.plot, ofData);

async function searchAll() {
  const { data, points } = values;
  const [samples, workers] = [Number(values.samples), Number(values.workers)];
  const jobs = values.seeds
    .split(',')
    .flatMap((seed) => values.methods.split(',').map((method) => ({ data, samples, workers, method, seed })))
    .filter((job) => !finished.has(job));
  const methods = [...new Set(jobs.map(({ method }) => method))];
  const searches = new Map(methods.map((method) => [method, searchOf(method)]));
  for (const job of jobs) {
    const search = searches.get(job.method);
    if (search === undefined) continue;
    const start = performance.now();
    const trainings = await search({ ...job, points });
    const curve = curveOf(trainings, job.samples);
    const line = {
      ...job,
      seconds: (performance.now() - start) / 1000,
      trainings: trainings.length,
      points: curve,
    };
    finished.add(line);
    console.error(
      `${job.method} ${job.seed}: hypervolume ${curve.at(-1).hypervolume.toFixed(4)}, ${trainings.length} trainings`,
    );
  }
}

/** Returns the search of a method; says why there is none. */
function searchOf(method) {
  const { options, module, environment } = METHODS[method];
  if (options !== undefined) return searchEvopatch(METHODS[method]);
  const python =
    values.python ?? makeEnvironment(join(dirname(resolve(values.out)), environment), PACKAGES[environment]);
  if (availableModules(python, [module]).has(module)) return searchWith(METHODS[method], python);
  const packages = PACKAGES[environment].flat().join(', ');
  console.error(
    `skipped: ${method}; its Python cannot import ${module}, which pip installs with ${packages}`,
  );
  return undefined;
}
