// What raises the accuracy of very small networks: levers on their training and their layers, each against one recipe.
//
//   node research/levers/study.js --out DIR --data FER.csv.gz [--points CSV] --students a,b [--variants plain,blur,…]
//     [--seeds a,b,c] [--splits a] [--against plain] [--table]
//
// Of the TRAINING rows, 85 % train and 15 % measure; other rows are never read. The teacher is the 2M baseline, trained once for each
// split on the same 85 %. students.js has the students. A variant is one or more words joined by +. They change the full training
// of a search: 20 to 60 epochs, flips, shifts by a pixel, the teacher's mean answer for a face and its mirror image.
//
//   plain         as it is
//   labels        without the teacher
//   blur          anti-aliased pooling
//   expand        three linear convolutions in place of one
//   erase         a rectangle of every other face becomes grey
//   tail          the result is the mean of the weights over the last quarter of the steps
//   views         the teacher answers for the very view that the student sees, and its mirror image
//   NAME=VALUE    a setting of the training (epochs, shift, flip, learningRate, averaging, …) or of the teaching (temperature, mixing)
//
// Each finished training is a line of DIR/trainings.jsonl: a study that was cut goes on with the same command. Differences are paired,
// variant − plain, or what --against names, with the same split and seed. Seconds are of the processor. --table shows the table and does nothing else.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCacheFolder } from '../../dist/core/cache-folder.js';
import { indicesOf } from '../../dist/data/dataset.js';
import { excludeCopies, findDuplicates } from '../../dist/data/duplicates.js';
import { isSynthetic, loadDataset } from '../../dist/data/load-dataset.js';
import { stratifiedSplit } from '../../dist/data/splits.js';
import { samplesOf } from '../../dist/fitness/evaluate.js';
import { parameterCount } from '../../dist/network/describe.js';
import { openEngine } from '../../dist/nn/engine.js';
import { measure } from '../../dist/nn/measure.js';
import { defaultFinalTraining, INNER_SHARE } from '../../dist/options/budgets.js';
import { studyTable } from './table.js';
import { openTeachers } from './teachers.js';
import { readVariant, trainVariant } from './train-variant.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    data: { type: 'string' },
    points: { type: 'string' },
    students: { type: 'string' },
    variants: { type: 'string', default: 'plain' },
    seeds: { type: 'string', default: 'a,b,c' },
    splits: { type: 'string', default: 'a' },
    against: { type: 'string', default: 'plain' },
    table: { type: 'boolean', default: false },
  },
});
if (values.out === undefined) throw new Error('--out is needed: the folder of the study');
mkdirSync(values.out, { recursive: true });
const file = join(values.out, 'trainings.jsonl');
const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
const finished = lines.map((line) => JSON.parse(line));
if (!values.table) await trainMissing();
console.log(studyTable(finished, values.against));

async function trainMissing() {
  const { data: source, points } = values;
  if (source === undefined || values.students === undefined)
    throw new Error('--data and --students are needed');
  const options = isSynthetic(source) ? {} : { points, cacheFolder: defaultCacheFolder() };
  const dataset = await loadDataset(source, options);
  const { classes, labels } = dataset;
  const data = `${basename(source)}-${dataset.hash.slice(0, 8)}`;
  const { samples: _, ...recipe } = defaultFinalTraining(indicesOf(dataset, 'train').length);
  const engine = await openEngine();
  for (const split of values.splits.split(',')) {
    const { first: rows, second: measured } = divideTrainingRows(dataset, split);
    const keep = (job, network, seconds) => {
      const { accuracy, loss } = measure(
        network.predict(samplesOf(dataset), measured),
        labels,
        measured,
        classes.length,
      );
      const training = { ...job, parameters: parameterCount(network.spec), accuracy, loss, seconds };
      finished.push(training);
      appendFileSync(file, `${JSON.stringify(training)}\n`);
      console.error(...Object.values(job), `${(100 * accuracy).toFixed(1)} %`);
    };
    const jobs = jobsOf(data, split).filter(isMissing);
    let teachers;
    if (jobs.some(({ variant }) => !readVariant(variant).levers.has('labels'))) {
      const start = process.cpuUsage();
      const weights = join(values.out, `${data}-${split}.safetensors`);
      teachers = await openTeachers(engine, dataset, { rows, config: recipe, file: weights });
      const job = { data, student: 'baseline', variant: 'labels', split, seed: 'teacher' };
      if (isMissing(job)) keep(job, teachers.network, secondsSince(start));
    }
    for (const job of jobs) {
      const start = process.cpuUsage();
      keep(job, trainVariant(engine, dataset, { ...job, rows, recipe, teachers }), secondsSince(start));
    }
  }
}

function jobsOf(data, split) {
  const [students, variants, seeds] = [values.students, values.variants, values.seeds].map((list) =>
    list.split(','),
  );
  return seeds.flatMap((seed) =>
    variants.flatMap((variant) => students.map((student) => ({ data, student, variant, split, seed }))),
  );
}

function secondsSince(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function isMissing(job) {
  return !finished.some((other) => Object.entries(job).every(([name, value]) => other[name] === value));
}

/** Divides the training rows as a search does: alike in every class, equal pictures never on both sides. */
function divideTrainingRows(dataset, split) {
  const { groups } = findDuplicates(dataset);
  const outer = Uint32Array.of(...indicesOf(dataset, 'validation'), ...indicesOf(dataset, 'test'));
  const training = excludeCopies(groups, indicesOf(dataset, 'train'), outer);
  const { first, second } = stratifiedSplit(dataset, training, INNER_SHARE, `levers ${split}`);
  return { first: excludeCopies(groups, first, second), second };
}
