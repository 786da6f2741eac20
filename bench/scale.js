// What the asynchronous form of a search gains at scale: both forms of the search code run on virtual workers, whose trainings have the
// losses and times of a recorded run, in a virtual clock on which the coordinator's processor time passes too.
//
//   evopatch evolve --data synthetic:7000 --population 24 --generations 6 --no-baseline --controls none --out runs/recorded
//   node bench/scale.js --run runs/recorded [--workers 1,2,16,256,1000] [--generations 8] [--longer 1] [--surrogate]
//     [--seed TEXT] [--out FILE.json] [--plot FILE.svg]
//
// --longer multiplies the recorded times, as larger data would. The population is 32, or the number of workers where that is
// larger. Both forms train the same number of children. --seed is that of the searches, by default the recorded run's.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FACE_FRAME } from '../dist/landmarks/frame-geometry.js';
import { parseOptions } from '../dist/options/evolve-options.js';
import { readDescription } from '../dist/run/run-description.js';
import { plotOf } from './scale/plot.js';
import { readRecorded } from './scale/recorded.js';
import { simulate } from './scale/simulate.js';

const { values } = parseArgs({
  options: {
    run: { type: 'string' },
    workers: { type: 'string', default: '1,2,16,256,1000' },
    generations: { type: 'string', default: '8' },
    longer: { type: 'string', default: '1' },
    surrogate: { type: 'boolean', default: false },
    seed: { type: 'string' },
    out: { type: 'string' },
    plot: { type: 'string' },
  },
});
if (values.run === undefined) throw new Error('--run is needed: the folder of a recorded run');
const description = await readDescription(values.run);
const { ladder } = description;
const settingsFor = (population) => ({
  ...parseOptions({
    ...description.options,
    dataset: facesLike(description),
    population,
    generations: Number(values.generations),
    surrogate: values.surrogate,
    seed: values.seed ?? description.options.seed,
    runFolder: undefined,
  }),
  ladder,
  topRung: ladder.length - 1,
});
const recorded = await readRecorded(values.run, settingsFor(32));

const longer = Number(values.longer);
const results = [];
console.log('workers  population  form          trainings      hours  busy   ms/decision  hypervolume');
for (const workers of values.workers.split(',').map(Number)) {
  for (const asynchronous of [false, true]) {
    const settings = settingsFor(Math.max(32, workers));
    const result = await simulate({ settings, recorded, workers, asynchronous, longer });
    results.push(result);
    console.log(rowOf(result));
  }
}
const { trainings, lowestError, steps } = recorded;
const report = {
  recorded: { trainings, lowestError, steps, ladder },
  surrogate: values.surrogate,
  longer,
  results,
};
if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(report, undefined, 1)}\n`);
if (values.plot !== undefined) writeFileSync(values.plot, plotOf(results));

function rowOf({ form, workers, population, trainings, seconds, busyShare, decisionMilliseconds, curve }) {
  return [
    String(workers).padStart(7),
    String(population).padStart(10),
    form.padEnd(12),
    String(trainings).padStart(9),
    (seconds / 3600).toFixed(3).padStart(9),
    `${(100 * busyShare).toFixed(1)} %`.padStart(6),
    decisionMilliseconds.toFixed(2).padStart(10),
    curve.at(-1).hypervolume.toFixed(4).padStart(11),
  ].join('  ');
}

/** A data set with the number of faces of the recorded one, and no faces: nothing trains. */
function facesLike({ dataset }) {
  const { name, hash, classes, align, count } = dataset;
  const empty = new Uint8Array(count);
  return {
    name,
    hash,
    classes,
    align,
    count,
    frame: FACE_FRAME,
    frames: new Uint8Array(0),
    labels: empty,
    splits: empty,
  };
}
