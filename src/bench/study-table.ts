import type { Interval } from '../core/comparison.ts';
import { PUBLISHED_ONLY, type PublishedFigure } from './study-rows.ts';
import type { SeedsSummary, Spread } from './study-summary.ts';

/** A row of the study as far as it has come. */
export interface StudyRowReport {
  readonly name: string;
  readonly title: string;
  /** The first characters of its genome's hash. */
  readonly genome: string | null;
  readonly parameters: number | null;
  readonly macs: number | null;
  readonly epochs: number | null;
  /** Seeds that have ended; `null` before the first. */
  readonly measured: SeedsSummary | null;
  /** Against the baseline, on the same rows, without leaked ones. */
  readonly difference: { readonly estimate: number; readonly interval95: Interval } | null;
  /** Of one training on one thread. */
  readonly trainingSeconds: number | null;
  /** Predicted by one thread. */
  readonly facesPerSecond: number | null;
  readonly published: PublishedFigure | null;
  /** The command of the first seed. */
  readonly command: string | null;
}

/** How accurate something is on rows that had no part in choosing it. */
export interface HeldOut {
  readonly accuracy: number;
  readonly interval95: Interval;
}

export interface StudyEnsembleReport {
  readonly name: string;
  readonly title: string;
  readonly members: number;
  readonly parameters: number;
  readonly macs: number;
  readonly crossFitted: HeldOut;
  readonly bestMember: HeldOut;
  /** Of what was saved, without leaked rows. */
  readonly unseen: number | null;
  readonly command: string;
}

/** A student with the teacher and without, by the seeds that both have, without leaked rows. */
export interface StudyDistillationReport {
  readonly title: string;
  readonly alone: Spread;
  readonly taught: Spread;
  /** Of the differences of equal seeds. */
  readonly gain: Spread;
}

export interface StudyReport {
  readonly dataset: string;
  /** Rows of the validation split; `null` before anything was measured. */
  readonly samples: number | null;
  readonly leaked: number | null;
  readonly seeds: readonly string[];
  readonly epochs: number;
  readonly rows: readonly StudyRowReport[];
  readonly teacher: StudyEnsembleReport | null;
  readonly ensembles: readonly StudyEnsembleReport[];
  readonly distillation: readonly StudyDistillationReport[];
}

/** A table as cells, for a terminal or for Markdown. */
export interface StudyTable {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly align?: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences below it. */
  readonly notes: readonly string[];
}

const NONE = '–';
const LEFT = 'left' as const;
const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const count = (value: number) => Math.round(value).toLocaleString('en');
const percent = (share: number) => (100 * share).toFixed(1);
const orNone = <Value>(value: Value | null, text: (value: Value) => string) =>
  value === null ? NONE : text(value);
const points = (share: number) => {
  const text = Math.abs(100 * share).toFixed(1);
  return `${text === '0.0' ? '' : share < 0 ? '−' : '+'}${text}`;
};
const spread = ({ mean, deviation }: Spread, text: (share: number) => string) =>
  `${text(mean)}${deviation === null ? '' : ` ± ${(100 * deviation).toFixed(1)}`}`;
const interval = ([low, high]: Interval, text = percent) => `${text(low)} to ${text(high)}`;
const held = ({ accuracy, interval95 }: HeldOut) => `${percent(accuracy)} (${interval(interval95)})`;

/** The tables of a study: networks, ensembles, distillation; those that nothing has come to yet are left out. */
export function studyTables(report: StudyReport): StudyTable[] {
  const tables = [networksTable(report)];
  if (report.ensembles.length + (report.teacher ? 1 : 0) > 0) tables.push(ensemblesTable(report));
  if (report.distillation.length > 0) tables.push(distillationTable(report));
  return tables;
}

function networksTable({ dataset, samples, leaked, seeds, epochs, rows }: StudyReport): StudyTable {
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
    ...new Array<string>(9).fill(''),
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

function ensemblesTable({ ensembles, teacher }: StudyReport): StudyTable {
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

function distillationTable({ distillation, teacher }: StudyReport): StudyTable {
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
export function studyMarkdown(report: StudyReport): string {
  const tables = studyTables(report).map(({ title, columns, rows, notes }) => {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    const rule = columns.map(({ align = 'right' }) => (align === 'right' ? '---:' : '---'));
    const head = [line(columns.map((column) => column.title)), line(rule)];
    return [`### ${title}`, [...head, ...rows.map(line)].join('\n'), ...notes].join('\n\n');
  });
  return `${tables.join('\n\n')}\n`;
}

/** The command of every row, of the teacher and of the ensembles, each below its title. */
export function studyCommands({ rows, teacher, ensembles }: StudyReport): string {
  const made = [...rows, ...(teacher ? [teacher] : []), ...ensembles];
  return made
    .flatMap(({ title, command }) => (command === null ? [] : [`# ${title}\n${command}\n`]))
    .join('');
}
