import { type Html, html } from '../../core/html.ts';
import type { Consistency } from '../../maps/consistency.ts';
import { verdictOf } from '../../summary/difference.ts';
import { formatCount, formatMillions, formatPoints, formatShare } from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { coverage } from '../verdict.ts';
import { section, table } from './parts.ts';

/** Compares several runs, with the mean and standard deviation of each figure. */
export function runsSection({ runs, consistency }: ReportData): Html | null {
  if (runs.length < 2) return null;
  const columns: {
    title: string;
    value: (run: ReportRun) => number | null;
    text: (value: number) => string;
  }[] = [
    { title: 'accuracy', value: ({ best }) => best?.validationAccuracy ?? null, text: formatShare },
    { title: 'parameters', value: ({ best }) => best?.parameters ?? null, text: formatCount },
    { title: 'MACs', value: ({ best }) => best?.macs ?? null, text: formatMillions },
    {
      title: 'pixels',
      value: (run) => (run.best === null ? null : coverage(run, run.best.coveredPixels)),
      text: formatShare,
    },
    {
      title: 'hypervolume',
      value: ({ history }) => history.at(-1)?.hypervolume ?? null,
      text: (value) => value.toFixed(4),
    },
  ];
  const rows = runs.map((run) => [
    run.name,
    String(run.settings.options.seed ?? ''),
    run.status,
    ...columns.map(({ value, text }) => textOf(value(run), text)),
    run.best?.difference
      ? `${formatPoints(run.best.difference.estimate)}, ${verdictOf(run.best.difference, run.margin)}`
      : '–',
  ]);
  const summary = columns.map(({ value, text }) => meanAndDeviation(runs.map(value), text));
  const leads = runs.map(({ best }) => best?.difference?.estimate ?? null);
  const hashes = new Set(runs.map(({ dataset }) => dataset.hash));
  return section(
    'runs',
    `${runs.length} runs compared`,
    html`${table(
      'The runs, and their mean ± standard deviation',
      [
        { title: 'run', align: 'left' },
        { title: 'seed', align: 'left' },
        { title: 'status', align: 'left' },
        ...columns.map(({ title }) => ({ title })),
        { title: 'against the baseline, points', align: 'left' },
      ],
      [...rows, ['mean', '', '', ...summary, meanAndDeviation(leads, formatPoints)]],
    )}
${consistency && html`<p>${consistencySentence(consistency)}</p>`}
${hashes.size > 1 && html`<p>These runs use different data, so their accuracies and hypervolumes cannot be compared.</p>`}`,
  );
}

function consistencySentence({ score, overlap, spearman, random }: Consistency): string {
  if (score === null || spearman === null) return '';
  const [low, high] = random.spearman.interval95.map(twoDigits);
  const beyond = spearman > random.spearman.interval95[1];
  return (
    `The chosen genomes read the same pixels ${beyond ? 'more' : 'no more'} often than chance explains: ` +
    `consistency ${twoDigits(score)} (1 means identical pixels, 0 what random layouts of as many pixels have); rank ` +
    `correlation ${twoDigits(spearman)}, where 95 % of random draws lie between ${low} and ${high}; overlap ${formatShare(overlap)}.`
  );
}

function twoDigits(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

function textOf(value: number | null, text: (value: number) => string): string {
  return value === null ? '–' : text(value);
}

/** Formats the mean and the sample standard deviation of the known values. */
function meanAndDeviation(values: readonly (number | null)[], text: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '–';
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length === 1) return `${text(mean)} (one run)`;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = text(Math.sqrt(squares / (known.length - 1))).replace('+', '');
  const unit = deviation.endsWith(' %') ? ' %' : '';
  return `${text(mean).replace(unit, '')} ± ${deviation}`;
}
