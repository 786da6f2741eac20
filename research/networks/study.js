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
import { writeFileAtomic } from '../../dist/core/atomic-file.js';
import { defaultCacheFolder } from '../../dist/core/cache-folder.js';
import { isSynthetic, loadDataset } from '../../dist/data/load-dataset.js';
import { readResult } from '../../dist/run/result-file.js';
import { formatTable } from '../../dist/summary/table.js';
import { chartPng, chartSvg } from '../charts/chart-frame.js';
import { drawScatter } from '../charts/draw-scatter.js';
import { studyChart } from './chart.js';
import { StudyFiles } from './files.js';
import { answered, runJobs } from './jobs.js';
import { measureModels, measureSpeed } from './measure.js';
import { genomesOf, pickGenome, planTrainings } from './plan.js';
import { readStudy, unfinishedTrainings } from './report.js';
import { STUDY_ROWS, studyRows, TEACHER_ROWS } from './rows.js';
import { studyCommands, studyMarkdown, studyTables } from './table.js';

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

let data; // loaded when something needs it
const chosen = studyRows(values.rows?.split(','));
const settings = await settingsOf();
const { seeds } = settings;
const results = (await Promise.all(settings.runs.map(readResult))).filter((result) => result !== undefined);
const scale = { seeds, epochs: settings.epochs, genomes: genomesOf(results), classes: settings.classes };
const all = planTrainings(STUDY_ROWS, scale);
const files = new StudyFiles(out, settings, all);

const failed = [];
if (!values.table) {
  const wanted = planTrainings(chosen, scale).map(({ folder }) => folder);
  const planned = all.filter(({ folder }) => wanted.includes(folder));
  for (const { genome, folder } of planned) {
    if (genome === undefined) continue;
    mkdirSync(join(out, folder), { recursive: true });
    await writeFileAtomic(files.genome(folder), `${JSON.stringify(genome.genome)}\n`);
  }
  const ofRows = planned.filter(({ rows }) => rows.length > 0);
  await train(ofRows.filter(({ taught }) => !taught));
  const taught = ofRows.filter((one) => one.taught);
  if (taught.length > 0 && (await makeTeacher())) await train(taught);
  await train(planned.filter((one) => !ofRows.includes(one)));
  const ensembleJobs = files.ensembles().map((one) => files.ensembleJob(one));
  failed.push(...(await runJobs(ensembleJobs, 1)));
  await measure(ensembleJobs.filter(answered));
}
const report = readStudy(settings, all, files);
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

/** The longest first: none is left to one worker at the end. */
async function train(trainings) {
  const cost = ({ macs, epochs }) => macs * epochs;
  const order = trainings.toSorted((a, b) => cost(b) - cost(a));
  const jobs = order.flatMap((training) => seedsOf(training).map((seed) => files.job(training, seed)));
  failed.push(...(await runJobs(jobs, Number(values.workers))));
}

/** What is for ensembles alone needs no spread. */
function seedsOf({ rows }) {
  return rows.length > 0 ? seeds : seeds.slice(0, 1);
}

/** @returns whether there is one */
async function makeTeacher() {
  const job = files.teacherJob();
  if (existsSync(files.teacher) && existsSync(job.answer)) return true;
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

async function measure(ensembles) {
  const models = files.models();
  const measured = [...[...models, ...ensembles].map(({ file }) => file), files.teacher].filter(existsSync);
  await measureModels(measured, async () => (data ??= await load(settings)));
  if (values['no-speed']) return;
  const ofEach = Object.fromEntries(models.map(({ training, file }) => [training.folder, file]));
  await writeFileAtomic(files.speed, `${JSON.stringify(await measureSpeed(ofEach))}\n`);
}

function print() {
  for (const { title, columns, rows, notes } of studyTables(report)) {
    console.log(`${title}\n\n${formatTable(columns, rows)}\n\n${notes.join('\n')}\n`);
  }
  for (const line of unfinishedTrainings(seeds, all, files)) console.log(line);
  for (const { subject, name } of STUDY_ROWS) {
    if ('atMost' in subject && pickGenome(scale.genomes, subject.atMost) === undefined) {
      console.log(`no genome for ${name}: give --run with the folder of a run that has one`);
    }
  }
}
