import { PUBLISHED_ONLY } from './rows.js';

/**
 * A row of the study as far as it has come.
 *
 * @typedef {object} StudyRowReport
 * @property {string} name
 * @property {string} title
 * @property {string | null} genome The first characters of its genome's hash.
 * @property {number | null} parameters
 * @property {number | null} macs
 * @property {number | null} epochs
 * @property {SeedsSummary | null} measured Seeds that have ended; `null` before the first.
 * @property {{ estimate: number; interval95: Interval } | null} difference Against the baseline, on the same rows, without leaked ones.
 * @property {number | null} trainingSeconds Of one training on one thread.
 * @property {number | null} facesPerSecond Predicted by one thread.
 * @property {PublishedFigure | null} published
 * @property {string | null} command The command of the first seed.
 */

/**
 * How accurate something is on rows that had no part in choosing it.
 *
 * @typedef {object} HeldOut
 * @property {number} accuracy
 * @property {Interval} interval95
 */

/**
 * @typedef {object} StudyEnsembleReport
 * @property {string} name
 * @property {string} title
 * @property {number} members
 * @property {number} parameters
 * @property {number} macs
 * @property {HeldOut} crossFitted
 * @property {HeldOut} bestMember
 * @property {number | null} unseen Of what was saved, without leaked rows.
 * @property {string} command
 */

/**
 * A student with the teacher and without, by the seeds that both have, without leaked rows.
 *
 * @typedef {object} StudyDistillationReport
 * @property {string} title
 * @property {Spread} alone
 * @property {Spread} taught
 * @property {Spread} gain Of the differences of equal seeds.
 */

/**
 * @typedef {object} StudyReport
 * @property {string} dataset
 * @property {number | null} samples Rows of the validation split; `null` before anything was measured.
 * @property {number | null} leaked
 * @property {string[]} seeds
 * @property {number} epochs
 * @property {StudyRowReport[]} rows
 * @property {StudyEnsembleReport | null} teacher
 * @property {StudyEnsembleReport[]} ensembles
 * @property {StudyDistillationReport[]} distillation
 */

/**
 * A table as cells, for a terminal or for Markdown.
 *
 * @typedef {object} StudyTable
 * @property {string} title
 * @property {{ title: string; align?: 'left' | 'right' }[]} columns
 * @property {(string[])[]} rows
 * @property {string[]} notes Sentences below it.
 */

const NONE = '–';
const LEFT = 'left';
const capitalize = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const count = (value) => Math.round(value).toLocaleString('en');
const percent = (share) => (100 * share).toFixed(1);
const orNone = (value, text) => (value === null ? NONE : text(value));
const points = (share) => {
  const text = Math.abs(100 * share).toFixed(1);
  return `${text === '0.0' ? '' : share < 0 ? '−' : '+'}${text}`;
};
const spread = ({ mean, deviation }, text) =>
  `${text(mean)}${deviation === null ? '' : ` ± ${(100 * deviation).toFixed(1)}`}`;
const interval = ([low, high], text = percent) => `${text(low)} to ${text(high)}`;
const held = ({ accuracy, interval95 }) => `${percent(accuracy)} (${interval(interval95)})`;

/** The tables of a study: networks, ensembles, distillation; those that nothing has come to yet are left out. */
export function studyTables(report) {
  const tables = [networksTable(report)];
  if (report.ensembles.length + (report.teacher ? 1 : 0) > 0) tables.push(ensemblesTable(report));
  if (report.distillation.length > 0) tables.push(distillationTable(report));
  return tables;
}

function networksTable({ dataset, samples, leaked, seeds, epochs, rows }) {
  const cells = rows.map((row) => [
    row.title,
    orNone(row.parameters, count),
    orNone(row.macs, (macs) => `${(macs / 1e6).toFixed(1)} M`),
    orNone(row.measured, (measured) => spread(measured, percent)),
    orNone(row.measured, ({ interval95 }) => interval(interval95)),
    orNone(row.measured, ({ accuracies }) => accuracies.map(percent).join(', ')),
    orNone(row.measured?.unseen ?? null, (unseen) => spread(unseen, percent)),
    orNone(
      row.difference,
      ({ estimate, interval95 }) => `${points(estimate)} (${interval(interval95, points)})`,
    ),
    orNone(row.facesPerSecond, count),
    orNone(row.trainingSeconds, (seconds) => (seconds / 60).toFixed(seconds < 600 ? 1 : 0)),
    orNone(row.epochs, String),
    row.published === null ? '' : row.published.accuracy,
  ]);
  const published = PUBLISHED_ONLY.map(({ title, parameters, accuracy }) => [
    title,
    parameters,
    ...new Array(9).fill(''),
    accuracy,
  ]);
  const columns = [
    { title: 'network', align: LEFT },
    { title: 'parameters' },
    { title: 'multiply-adds' },
    { title: 'accuracy, %' },
    { title: '95 %' },
    { title: 'of each seed', align: LEFT },
    { title: 'without leaked' },
    { title: 'against the baseline, points', align: LEFT },
    { title: 'faces/s' },
    { title: 'training, min' },
    { title: 'epochs' },
    { title: 'published', align: LEFT },
  ];
  const sources = [...rows, ...PUBLISHED_ONLY.map((figure) => ({ title: figure.title, published: figure }))];
  const leaving = orNone(leaked, count);
  const notes = [
    `${dataset}: training rows train; accuracies on ${samples === null ? 'the' : count(samples)} validation rows (of FER2013 ` +
      'PublicTest), which also choose the epoch of each training and chose the evolved genomes: expect a little less on faces ' +
      'that had no part in it. Test rows (PrivateTest) are never read.',
    `Means ± deviations of the seeds ${seeds.join(', ')}; ${epochs} epochs unless the column says otherwise, with flips and shifts ` +
      'of ±1 pixel; the interval is that of one network of the mean accuracy (Wilson).',
    `Without leaked: without the ${leaving} validation rows whose aligned frame is, pixel for pixel, a training row's as well. The ` +
      'larger a network, the more of those it knows by heart.',
    'Against the baseline: on the rows without leaked ones, each the share of the seeds that is right; the interval is of these ' +
      'trainings.',
    'Parameters are those that are trained, for the classes of these data; authors who count running statistics as well have ' +
      '58,423 for mini-Xception, and MicroExpNet has 65,000 for eight classes.',
    'Faces/s: predictions of one thread. Training: one thread, the median epoch times the epochs, while other trainings ran ' +
      'on the same machine.',
    `Published figures are of other splits, protocols and preparations, not to be compared to a point: ${sources
      .flatMap(({ title, published: figure }) => (figure ? [`${title}: ${figure.note}`] : []))
      .join(
        '; ',
      )}. In the figures of one repository (VGG19 and ResNet18, WuJie1010/Facial-Expression-Recognition.Pytorch) ` +
      'PrivateTest is easier than PublicTest by 1.6 to 1.8 points.',
  ];
  return { title: 'Networks', columns, rows: [...cells, ...published], notes };
}

function ensemblesTable({ ensembles, teacher }) {
  const rows = [...(teacher ? [teacher] : []), ...ensembles].map((one) => [
    one.title,
    count(one.members),
    count(one.parameters),
    `${(one.macs / 1e6).toFixed(1)} M`,
    held(one.crossFitted),
    held(one.bestMember),
    orNone(one.unseen, percent),
    points(one.crossFitted.accuracy - one.bestMember.accuracy),
  ]);
  return {
    title: 'Ensembles',
    columns: [
      { title: 'ensemble', align: LEFT },
      { title: 'members' },
      { title: 'parameters' },
      { title: 'multiply-adds' },
      { title: 'accuracy, % (95 %)' },
      { title: 'best member' },
      { title: 'without leaked' },
      { title: 'gain, points' },
    ],
    rows,
    notes: [
      'The validation rows are divided into halves; members and weights come from the one, and the other is measured, both ways ' +
        'round; so is the best member, chosen by its accuracy. What is saved, and counted here, is fitted to both halves, ' +
        'and so is the accuracy without leaked rows. ' +
        'Each member saw all of them when its epoch was chosen.',
    ],
  };
}

function distillationTable({ distillation, teacher }) {
  const rows = distillation.map(({ title, alone, taught, gain }) => [
    title,
    spread(alone, percent),
    spread(taught, percent),
    spread(gain, points),
  ]);
  const known = teacher
    ? [
        `${capitalize(teacher.title)}: ${held(teacher.crossFitted)} %, ${count(teacher.parameters)} parameters.`,
      ]
    : [];
  return {
    title: 'Distillation',
    columns: [
      { title: 'student', align: LEFT },
      { title: 'without, %' },
      { title: 'with the teacher, %' },
      { title: 'difference, points' },
    ],
    rows,
    notes: [
      ...known,
      'It has seen the training rows, so what it says of them is surer than what it says of others; a temperature above 1 softens ' +
        'that. Accuracies without leaked rows; differences of equal seeds, mean ± deviation.',
    ],
  };
}

/** The tables of a study as Markdown. */
export function studyMarkdown(report) {
  const tables = studyTables(report).map(({ title, columns, rows, notes }) => {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    const rule = columns.map(({ align = 'right' }) => (align === 'right' ? '---:' : '---'));
    const head = [line(columns.map((column) => column.title)), line(rule)];
    return [`### ${title}`, [...head, ...rows.map(line)].join('\n'), ...notes].join('\n\n');
  });
  return `${tables.join('\n\n')}\n`;
}

/** The command of every row, of the teacher and of the ensembles, each below its title. */
export function studyCommands({ rows, teacher, ensembles }) {
  const made = [...rows, ...(teacher ? [teacher] : []), ...ensembles];
  return made
    .flatMap(({ title, command }) => (command === null ? [] : [`# ${title}\n${command}\n`]))
    .join('');
}
