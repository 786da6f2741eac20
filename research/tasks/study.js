// One search for each seed of a task by `evopatch evolve`, and what they came to together: accuracy, size and pixels against the
// full face and against controls, where the patches lie, whether the seeds agree.
//
//   node research/tasks/study.js --task smiles|masks|gender|fer2013 --data PATH --out DIR [--points CSV] [--seeds a,b,c]
//     [-- OPTIONS of evopatch evolve]
//   node research/tasks/study.js --combine FILE.json FILE.json … --out DIR
//   node research/tasks/study.js --summary [--page] FILE.json FILE.json …
//
// A study that was cut goes on with the same command; what has ended is read. DIR has the folder of each run, TASK.json with all
// figures and TASK.md made from it. --combine makes one of several such files of a task, of different seeds, as from several
// machines. --summary makes the table over all tasks from such files; with --page the tables of each follow, as in
// docs/results/tasks.md.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../../dist/core/atomic-file.js';
import { defaultCacheFolder } from '../../dist/core/cache-folder.js';
import { isSynthetic, loadDataset } from '../../dist/data/load-dataset.js';
import { combineReports, taskReport } from './report.js';
import { compareRivals } from './rivals.js';
import { runSeeds } from './run-seeds.js';
import { summaryMarkdown, taskMarkdown } from './table.js';
import { TASKS } from './tasks.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    task: { type: 'string' },
    data: { type: 'string' },
    points: { type: 'string' },
    out: { type: 'string' },
    seeds: { type: 'string', default: 'a,b,c' },
    combine: { type: 'boolean', default: false },
    summary: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
});

if (values.summary) {
  const reports = readReports();
  const pages = values.page ? reports.map(taskMarkdown) : [];
  process.stdout.write([summaryMarkdown(reports), ...pages].join('\n'));
} else {
  const report = values.combine ? combineReports(readReports()) : await study();
  const file = join(needed('out'), report.task);
  await writeFileAtomic(`${file}.json`, `${JSON.stringify(report, null, 1)}\n`);
  await writeFileAtomic(`${file}.md`, taskMarkdown(report));
  process.stdout.write(taskMarkdown(report));
}

function needed(name) {
  if (values[name] === undefined) throw new Error(`--${name} is needed`);
  return values[name];
}

function readReports() {
  return positionals.map((file) => JSON.parse(readFileSync(file, 'utf8')));
}

async function study() {
  const { task, points, seeds } = values;
  if (!Object.hasOwn(TASKS, task ?? '')) throw new Error(`--task is one of ${Object.keys(TASKS).join(', ')}`);
  const source = needed('data');
  const out = needed('out');
  const path = isSynthetic(source) ? source : resolve(source);
  const data = ['--data', path, ...(points === undefined ? [] : ['--points', resolve(points)])];
  const load = () =>
    loadDataset(path, isSynthetic(path) ? {} : { points, cacheFolder: defaultCacheFolder() });
  const runs = await runSeeds({ data, out, seeds: seeds.split(','), options: positionals });
  const rivals = await compareRivals(TASKS[task].rivals, { data, out, load }, runs);
  return taskReport(task, runs, rivals);
}
