import { controlName } from '../../dist/summary/controls.js';
import { formatCount, formatMillions, formatPoints } from '../../dist/summary/format.js';
import { claimOf } from './pool.js';

const NONE = '–';
const percent = (share) => (100 * share).toFixed(1);
const orNone = (value, text) => (value === null || value === undefined ? NONE : text(value));
const spread = ({ mean, deviation }, text = percent) =>
  deviation === null ? text(mean) : `${text(mean)} ± ${text(deviation)}`;
const interval = ([low, high], text = percent) => `${text(low)} to ${text(high)}`;
const points = ({ estimate, interval95 }) =>
  `${formatPoints(estimate)} (${interval(interval95, formatPoints)})`;

/** The README's table: a row for each task, with means ± deviations of its seeds. */
export function summaryMarkdown(reports) {
  const table = markdownTable(
    [
      'task',
      'seeds',
      'pixels of the face, %',
      'parameters',
      'accuracy, %',
      'full face, %',
      'difference, points (95 %)',
      'beats all controls at as many pixels',
      'lead over the whole face at as many parameters, points (95 %)',
      'inside the right parts, % (chance)',
    ],
    reports.map(({ title, runs, means, pooled }) => [
      title,
      String(runs.length),
      orNone(means.pixels, spread),
      orNone(means.parameters, (one) => spread(one, formatCount)),
      orNone(means.accuracy, spread),
      orNone(means.baselineAccuracy, spread),
      orNone(pooled.difference, points),
      orNone(pooled.finding, findingText),
      orNone(
        pooled.controls.find(({ control }) => control === 'whole-face'),
        (control) => leadText(control, runs),
      ),
      means.truths.length === 0 ? NONE : truthText(means.truths.at(-1)),
    ]),
  );
  const claim = claimOf(reports);
  return `${table}\n${claim === null ? '' : `\n${claimSentence(claim)}\n`}`;
}

/** The sentence of the source paper with the numbers of these runs. */
export function claimSentence({ tasks, runs, cut, difference }) {
  return (
    `Over ${count(tasks, 'task')} and ${count(runs, 'run')}, the chosen networks have ${percent(cut.mean)} % fewer parameters than ` +
    `the full-face baseline (from ${percent(cut.least)} % to ${percent(cut.most)} %), and their accuracy differs from its by ` +
    `${formatPoints(difference.mean)} points${difference.deviation === null ? '' : ` ± ${percent(difference.deviation)}`} ` +
    `(from ${formatPoints(difference.least)} to ${formatPoints(difference.most)}).`
  );
}

/** The page of a task: its runs, controls, rungs, truths, agreement and rivals, each as a table; what it lacks is left out. */
export function taskMarkdown(report) {
  const parts = [runsTable, controlsTable, rungsTable, truthsTable, agreementText, rivalsTable];
  const texts = parts.map((part) => part(report)).filter((text) => text !== undefined);
  return [`## ${report.title}`, dataText(report), `    ${report.command}`, ...texts]
    .join('\n\n')
    .concat('\n');
}

function dataText({ data }) {
  const { count: all, training, validation, copies, unaligned, skipped } = data;
  return (
    `${formatCount(all)} faces: ${formatCount(training)} train, ${formatCount(validation)} measure. ` +
    `${formatCount(copies)} training faces were left out since a measured face is the same picture, ` +
    `${formatCount(unaligned)} faces were not aligned by their landmarks, and ${formatCount(skipped)} pictures could not be read.`
  );
}

function runsTable({ runs, means, pooled }) {
  const rows = runs.map(({ seed, baseline, best }) => [
    seed,
    best.summary,
    percent(best.pixels),
    formatCount(best.parameters),
    formatMillions(best.macs),
    orNone(best.accuracy, (accuracy) => `${percent(accuracy)} (${interval(best.interval95)})`),
    orNone(baseline, (one) => `${percent(one.accuracy)} (${interval(one.interval95)})`),
    orNone(best.difference, points),
  ]);
  const mean = [
    'mean',
    '',
    orNone(means.pixels, spread),
    orNone(means.parameters, (one) => spread(one, formatCount)),
    orNone(means.macs, (one) => spread(one, formatMillions)),
    orNone(means.accuracy, spread),
    orNone(means.baselineAccuracy, spread),
    orNone(pooled.difference, points),
  ];
  const columns = [
    'seed',
    'genome',
    'pixels, %',
    'parameters',
    'multiply-adds',
    'accuracy, % (95 %)',
    'full face, %',
  ];
  return markdownTable([...columns, 'difference, points (95 %)'], [...rows, mean]);
}

function controlsTable({ runs, pooled }) {
  if (pooled.controls.length === 0) return undefined;
  const accuracyOf = (control) => (run) =>
    orNone(run.controls.find((one) => one.control === control)?.accuracy, percent);
  const rows = pooled.controls.map((one) => [
    controlName(one),
    runs.map(accuracyOf(one.control)).join(', '),
    leadText(one, runs),
  ]);
  const columns = ['control', `accuracy of each seed, %`, 'lead of the patches, points (95 %)'];
  const finding =
    pooled.finding === null
      ? []
      : [`The patches beat all controls at as many pixels: ${findingText(pooled.finding)}.`];
  return [markdownTable(columns, rows), ...finding].join('\n\n');
}

function rungsTable({ means }) {
  const row =
    (text) =>
    ({ limit, accuracy }) => [text(limit), orNone(accuracy, spread)];
  const rows = [
    ...means.rungs.pixels.map(row((limit) => `≤ ${Math.round(100 * limit)} % of the pixels`)),
    ...means.rungs.parameters.map(row((limit) => `≤ ${formatCount(limit)} parameters`)),
  ];
  return markdownTable(['limit', 'most accurate finalist, %'], rows);
}

function truthsTable({ runs, means }) {
  if (means.truths.length === 0) return undefined;
  const rows = means.truths.map(({ title, share, chance }, place) => [
    title,
    runs.map(({ truths }) => percent(truths[place].share)).join(', '),
    spread(share),
    runs.map(({ truths }) => interval(truths[place].chance.interval95)).join('; '),
    percent(chance.mean),
  ]);
  return markdownTable(
    ['parts', 'of the read pixels inside, % of each seed', 'mean', 'random layouts (95 %)', 'mean'],
    rows,
  );
}

function agreementText({ consistency }) {
  if (!consistency) return undefined;
  const { spearman, overlap, random } = consistency;
  return (
    `Agreement of the maps of the seeds: overlap ${overlap.toFixed(2)} (random layouts of as many pixels ` +
    `${two(random.overlap.mean)}, 99th percentile ${two(random.overlap.percentile99)}), rank correlation ` +
    `${orNone(spearman, two)} (${two(random.spearman.mean)}, 99th percentile ${two(random.spearman.percentile99)}).`
  );
}

function rivalsTable({ rivals }) {
  if (rivals.length === 0) return undefined;
  const rows = rivals.map(({ network, parameters, macs, accuracies, accuracy, lead }) => [
    network,
    formatCount(parameters),
    formatMillions(macs),
    accuracies.map(percent).join(', '),
    spread(accuracy),
    points(lead),
  ]);
  const columns = ['network', 'parameters', 'multiply-adds', 'of each seed, %', 'accuracy, %'];
  return markdownTable([...columns, 'lead of the patches, points (95 %)'], rows);
}

/** A pooled lead, and of how many seeds it is where some lack the control. */
function leadText({ lead, seeds }, runs) {
  return seeds === runs.length ? points(lead) : `${points(lead)}, ${count(seeds, 'seed')}`;
}

function findingText({ isFinding, strongest }) {
  return isFinding ? 'yes' : `no (${controlName({ control: strongest })})`;
}

function truthText({ title, share, chance }) {
  return `${title}: ${percent(share.mean)} (${percent(chance.mean)})`;
}

function two(value) {
  return value.toFixed(2);
}

function count(number, word) {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function markdownTable(columns, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
