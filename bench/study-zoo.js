// The networks of the literature against evolved ones, trained alike: accuracy, size and speed of each; ensembles of them;
// small ones with a teacher and without.
//
//   npm run study:zoo -- --out DIR --data FER.csv.gz [--points CSV] [--run RUN_DIR …] [--rows a,b] [--seeds a,b,c]
//     [--epochs 30] [--workers 2] [--table] [--plot FILE.png|FILE.svg] [--no-speed] [--json]
//
// Training rows train and validation rows (of FER2013 PublicTest) select; test rows are never read. --run names the folders
// of runs: the most accurate finalist of each size stands in the table; the others are trained with the first seed alone, as
// candidates of the ensembles.
// --rows says what to train now; the table shows all rows as far as they have come. --table shows it and does nothing else.
// --plot draws accuracy above parameters.
//
// Everything lies in DIR: a folder for each network with one for each seed, the teacher, ensembles/, table.md and commands.txt. A study
// that was cut goes on with the same command; what has ended is read. What was asked for first is kept in study.json and
// need not be given again; seeds and runs may be added later. The teacher is made once, of the networks there are then.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { meanAndDeviation } from '../dist/bench/search-curves.js';
import { studyChart } from '../dist/bench/study-chart.js';
import { planEnsembles } from '../dist/bench/study-ensembles.js';
import { genomesOf, pickGenome, planTrainings, trainArguments } from '../dist/bench/study-plan.js';
import { STUDY_ROWS, studyRows, TEACHER_ROWS } from '../dist/bench/study-rows.js';
import {
  accuracyOf,
  epochSeconds,
  lastEpoch,
  seedsDifference,
  summarizeSeeds,
} from '../dist/bench/study-summary.js';
import { studyCommands, studyMarkdown, studyTables } from '../dist/bench/study-table.js';
import { chartPng, chartSvg } from '../dist/charts/chart-frame.js';
import { drawScatter } from '../dist/charts/draw-scatter.js';
import { writeFileAtomic } from '../dist/core/atomic-file.js';
import { defaultCacheFolder } from '../dist/core/cache-folder.js';
import { isSynthetic, loadDataset } from '../dist/data/load-dataset.js';
import { readResult } from '../dist/evolution/result-file.js';
import { formatTable } from '../dist/summary/table.js';
import { answered, runJobs } from './study-jobs.js';
import { measuredOf, measureModels, measureSpeed } from './study-measure.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    data: { type: 'string' },
    points: { type: 'string' },
    run: { type: 'string', multiple: true },
    rows: { type: 'string' },
    seeds: { type: 'string' },
    epochs: { type: 'string' },
    workers: { type: 'string', default: '2' },
    table: { type: 'boolean', default: false },
    plot: { type: 'string' },
    'no-speed': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
if (values.out === undefined) throw new Error('--out is needed: the folder of the study');
const { out } = values;
const SPEED = join(out, 'speed.json');
const TEACHER = join(out, 'teacher.safetensors');

let data; // loaded when something needs it
const chosen = studyRows(values.rows?.split(','));
const settings = await settingsOf();
const { seeds } = settings;
const results = (await Promise.all(settings.runs.map(readResult))).filter((result) => result !== undefined);
const scale = { seeds, epochs: settings.epochs, genomes: genomesOf(results), classes: settings.classes };
const all = planTrainings(STUDY_ROWS, scale);

const failed = [];
if (!values.table) {
  const wanted = planTrainings(chosen, scale).map(({ folder }) => folder);
  const planned = all.filter(({ folder }) => wanted.includes(folder));
  for (const { genome, folder } of planned) {
    if (genome === undefined) continue;
    mkdirSync(join(out, folder), { recursive: true });
    await writeFileAtomic(genomeFile(folder), `${JSON.stringify(genome.genome)}\n`);
  }
  const ofRows = planned.filter(({ rows }) => rows.length > 0);
  await train(ofRows.filter(({ taught }) => !taught));
  const taught = ofRows.filter((one) => one.taught);
  if (taught.length > 0 && (await makeTeacher())) await train(taught);
  await train(planned.filter((one) => !ofRows.includes(one)));
  failed.push(...(await runJobs(plannedEnsembles().map(ensembleJob), 1)));
  const models = trainedModels();
  const ensembles = plannedEnsembles().map(ensembleJob).filter(answered);
  const files = [...models, ...ensembles].map(({ file }) => file);
  await measureModels([...files, TEACHER].filter(existsSync), async () => (data ??= await load(settings)));
  if (!values['no-speed']) {
    const ofEach = Object.fromEntries(models.map(({ training, file }) => [training.folder, file]));
    await writeFileAtomic(SPEED, `${JSON.stringify(await measureSpeed(ofEach))}\n`);
  }
}
const report = reportOf();
await writeFileAtomic(join(out, 'table.md'), studyMarkdown(report));
await writeFileAtomic(join(out, 'commands.txt'), studyCommands(report));
if (values.plot) {
  const draw = (context) => drawScatter(context, studyChart(report));
  await writeFileAtomic(values.plot, values.plot.endsWith('.svg') ? chartSvg(draw) : chartPng(draw));
}
if (values.json) console.log(JSON.stringify(report));
else print();
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

/** What is asked for now or was before. */
async function settingsOf() {
  const file = join(out, 'study.json');
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const given = { data: values.data, points: values.points, epochs: values.epochs && Number(values.epochs) };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || before[name] === undefined || before[name] === value) continue;
    throw new Error(`${out} holds a study with --${name} ${before[name]}: name another folder`);
  }
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const merged = { epochs: 30, ...before, ...known };
  if (merged.data === undefined) throw new Error('--data is needed: labelled faces');
  merged.seeds = values.seeds?.split(',') ?? before.seeds ?? ['a', 'b', 'c'];
  merged.runs = values.run ?? before.runs ?? [];
  if (merged.classes === undefined) {
    data = await load(merged);
    merged.classes = data.classes.length;
    merged.name = isSynthetic(merged.data) ? merged.data : basename(merged.data);
  }
  if (!values.table) await writeFileAtomic(file, `${JSON.stringify(merged)}\n`);
  return merged;
}

function load({ data: source, points }) {
  return loadDataset(source, isSynthetic(source) ? {} : { points, cacheFolder: defaultCacheFolder() });
}

function dataArguments() {
  const { data: source, points } = settings;
  return ['--data', source, ...(points === undefined ? [] : ['--points', points])];
}

function genomeFile(folder) {
  return join(out, folder.replace(/-distilled.*$/, ''), 'genome.json');
}

/** The longest first: none is left to one worker at the end. */
async function train(trainings) {
  const cost = ({ macs, epochs }) => macs * epochs;
  const order = trainings.toSorted((a, b) => cost(b) - cost(a));
  const jobs = order.flatMap((training) => seedsOf(training).map((seed) => jobOf(training, seed)));
  failed.push(...(await runJobs(jobs, Number(values.workers))));
}

/** What is for ensembles alone needs no spread. */
function seedsOf({ rows }) {
  return rows.length > 0 ? seeds : seeds.slice(0, 1);
}

function jobOf(training, seed) {
  const folder = join(out, training.folder, seed);
  const teacher = training.taught ? ['--teacher', TEACHER] : [];
  const words = trainArguments(training, genomeFile(training.folder), seed);
  return {
    name: `${training.folder}/${seed}`,
    arguments: [...words, ...teacher, ...dataArguments(), '--out', folder],
    unkept: ['--threads', '1'],
    answer: join(folder, 'trained.json'),
    log: join(folder, 'log.txt'),
    tell: ({ best }) => `${(100 * best.validationAccuracy).toFixed(1)} %`,
  };
}

/** Models that have been trained, in the order of the rows. */
function trainedModels() {
  return all.flatMap((training) =>
    seeds
      .filter((seed) => answered(jobOf(training, seed)) !== undefined)
      .map((seed) => ({ training, seed, file: modelFile(training, seed) })),
  );
}

function modelFile({ folder }, seed) {
  return join(out, folder, seed, 'model.safetensors');
}

/** @returns whether there is one */
async function makeTeacher() {
  const job = teacherJob();
  if (existsSync(TEACHER) && existsSync(job.answer)) return true;
  const needed = TEACHER_ROWS.length * seeds.length;
  if (job.members.length < needed) {
    const there = `${job.members.length} of the ${needed} networks of the teacher (${TEACHER_ROWS.join(', ')}) are trained`;
    console.error(`${there}: nothing is distilled yet`);
    return false;
  }
  failed.push(...(await runJobs([job], 1)));
  const { accuracy } = answered(job)?.crossFitted ?? {};
  if (accuracy < 0.67) console.error('the teacher is below 67 %: it may have little to say');
  return accuracy !== undefined;
}

function teacherJob() {
  const members = trainedModels().filter(({ training }) => TEACHER_ROWS.includes(training.folder));
  const models = members.flatMap(({ file }) => ['--model', file]);
  return {
    ...ensembleJob({ name: 'teacher', options: models }),
    file: TEACHER,
    members,
    arguments: ['ensemble', ...models, ...dataArguments(), '--out', TEACHER],
  };
}

function plannedEnsembles() {
  const further = settings.runs
    .map((run) => join(run, 'models', 'best.safetensors'))
    .filter((file) => existsSync(file));
  return planEnsembles(trainedModels(), further);
}

function ensembleJob({ name, options }) {
  const path = join(out, 'ensembles', name);
  const file = `${path}.safetensors`;
  return {
    name: `ensemble ${name}`,
    arguments: ['ensemble', ...options, ...dataArguments(), '--out', file],
    file,
    answer: `${path}.json`,
    log: `${path}.log`,
    tell: ({ crossFitted, bestMember }) =>
      `${(100 * crossFitted.accuracy).toFixed(1)} %, its best member ${(100 * bestMember.accuracy).toFixed(1)} %`,
  };
}

function reportOf() {
  const speed = existsSync(SPEED) ? JSON.parse(readFileSync(SPEED, 'utf8')) : {};
  const trained = trainedModels();
  const measuredBySeed = (name) =>
    seeds.map((seed) => {
      const model = trained.find((one) => one.seed === seed && one.training.rows.includes(name));
      return model && measuredOf(model.file);
    });
  const measuredIn = (name) => measuredBySeed(name).filter(Boolean);
  const trainingOf = (name) => all.find(({ rows }) => rows.includes(name));
  const baseline = measuredIn('baseline');
  const [some] = STUDY_ROWS.flatMap(({ name }) => measuredIn(name));
  const rows = STUDY_ROWS.map((row) => {
    const training = trainingOf(row.name);
    const measured = measuredIn(row.name);
    const compared = row.name !== 'baseline' && measured.length > 0 && baseline.length > 0;
    return {
      name: row.name,
      title: row.title,
      genome: training?.genome?.hash.slice(0, 8) ?? null,
      parameters: training?.parameters ?? null,
      macs: training?.macs ?? null,
      epochs: training?.epochs ?? null,
      measured: measured.length > 0 ? summarizeSeeds(measured) : null,
      difference: compared ? seedsDifference(measured, baseline) : null,
      trainingSeconds: training === undefined ? null : trainingSeconds(training),
      facesPerSecond: speed[training?.folder] ?? null,
      published: row.published ?? null,
      command: training === undefined ? null : shown(jobOf(training, seeds[0])),
    };
  });
  const ensembleReport = (title, job) => {
    const found = answered(job);
    if (found === undefined) return [];
    const { members, parameters, macs, crossFitted, bestMember } = found;
    return [
      {
        name: job.name,
        title,
        members: members.length,
        parameters,
        macs,
        crossFitted,
        bestMember,
        unseen: accuracyOf(measuredOf(job.file)?.unseen ?? []),
        command: shown(job),
      },
    ];
  };
  const distillation = STUDY_ROWS.filter(({ alone }) => alone !== undefined).flatMap((row) => {
    const [taught, alone] = [row.name, row.alone].map((name) =>
      measuredBySeed(name).map((measured) => accuracyOf(measured?.unseen ?? [])),
    );
    const both = [...seeds.keys()].filter((i) => taught[i] !== null && alone[i] !== null);
    if (both.length === 0) return [];
    const over = (value) => meanAndDeviation(both.map(value));
    return [
      {
        title: row.title,
        alone: over((i) => alone[i]),
        taught: over((i) => taught[i]),
        gain: over((i) => taught[i] - alone[i]),
      },
    ];
  });
  return {
    dataset: settings.name,
    samples: some?.right.length ?? null,
    leaked: some === undefined ? null : some.right.length - some.unseen.length,
    seeds,
    epochs: settings.epochs,
    rows,
    teacher: keptTeacher(ensembleReport),
    ensembles: plannedEnsembles().flatMap((one) => ensembleReport(one.title, ensembleJob(one))),
    distillation,
  };
}

/** The teacher as it was made, of whatever there was then. */
function keptTeacher(ensembleReport) {
  const { answer, ...job } = teacherJob();
  if (!existsSync(answer)) return null;
  const { arguments: words } = JSON.parse(readFileSync(answer, 'utf8'));
  return ensembleReport(`the teacher (${TEACHER_ROWS.join(', ')}: mean)`, {
    ...job,
    answer,
    arguments: words,
  })[0];
}

function trainingSeconds(training) {
  const seconds = logsOf(training)
    .map(epochSeconds)
    .filter((value) => value !== null);
  return seconds.length === 0 ? null : meanAndDeviation(seconds).mean * training.epochs;
}

function logsOf(training) {
  const files = seeds.map((seed) => jobOf(training, seed).log).filter((file) => existsSync(file));
  return files.map((file) => readFileSync(file, 'utf8'));
}

/** A command for readers elsewhere: without the folders of this machine. */
function shown({ arguments: words }) {
  const short = (word) => {
    if (word === settings.data || word === settings.points) return basename(word);
    if (word === out || word.startsWith(join(out, '/'))) return word.replace(out, basename(out));
    return settings.runs.some((run) => word.startsWith(run))
      ? word.slice(word.indexOf(basename(settings.runs.find((run) => word.startsWith(run)))))
      : word;
  };
  return ['evopatch', ...words.map(short)].join(' ');
}

function print() {
  for (const { title, columns, rows, notes } of studyTables(report)) {
    console.log(`${title}\n\n${formatTable(columns, rows)}\n\n${notes.join('\n')}\n`);
  }
  for (const training of all) {
    for (const seed of seeds) {
      const { log, name, ...job } = jobOf(training, seed);
      if (!existsSync(log) || answered(job) !== undefined) continue;
      const last = lastEpoch(readFileSync(log, 'utf8'));
      console.log(`unfinished: ${name}${last ? `, epoch ${last.epoch} of ${last.of}` : ''}`);
    }
  }
  for (const { subject, name } of STUDY_ROWS) {
    if ('atMost' in subject && pickGenome(scale.genomes, subject.atMost) === undefined) {
      console.log(`no genome for ${name}: give --run with the folder of a run that has one`);
    }
  }
}
