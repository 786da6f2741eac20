import type { GenerationMember } from '../search/events.ts';
import { formatCount, formatSeconds, formatShare, sparkline } from './format.ts';
import { bestWithin, paceOf, type RunStatus } from './run-status.ts';

/** A piece of a line; explanations are faint, bars and curves bright. */
export interface Part {
  readonly text: string;
  readonly style?: 'faint' | 'bright';
}

const GAP = '  ';
const MAX_SPARKLINE_WIDTH = 32;

/** Characters of the label of a line, and of the bar. */
const LAYOUTS = {
  wide: { generation: 'generation', label: 16, bar: 24 },
  narrow: { generation: 'gen', label: 11, bar: 8 },
} as const;
type Layout = (typeof LAYOUTS)[keyof typeof LAYOUTS];
/** Columns below which the layout is narrow. */
const MIN_WIDE = 64;

/** Sizes for which the best network is shown. */
const SIZES = [
  { label: '≤ 100k', parameters: 100_000 },
  { label: '≤ 30k', parameters: 30_000 },
] as const;

/**
 * Shows the state of a run in a few lines, each no wider than `width`: parts at the ends of lines are left out where there is
 * no room, and the last lines where there are too few rows.
 *
 * @param now seconds since the display started
 */
export function statusLines(status: RunStatus, now: number, width: number, rows: number): Part[][] {
  const layout = width < MIN_WIDE ? LAYOUTS.narrow : LAYOUTS.wide;
  const pace = paceOf(status, now);
  const lines: Part[][] = [
    progressLine(status, pace.left, layout),
    [{ text: 'networks' }, ...networkParts(status, pace.rate, now)],
    ...SIZES.flatMap(({ label, parameters }) => {
      const best = bestWithin(status, parameters);
      return best === undefined ? [] : [[{ text: label }, ...memberParts(best)]];
    }),
    ...hypervolumeLine(status, width - layout.label),
    ...baselineLine(status),
  ];
  return lines.slice(0, Math.max(1, rows)).map(([{ text }, ...parts]) => {
    return fitted([{ text: text.padEnd(layout.label), style: 'faint' }, ...parts], width);
  });
}

/** Joins the parts of a line. @param paint gives the text of a part, with codes for its colour or without */
export function joinParts(parts: readonly Part[], paint: (part: Part) => string): string {
  return parts.map(paint).join(GAP).trimEnd();
}

function progressLine(status: RunStatus, left: number | undefined, layout: Layout): Part[] {
  const { phase, history, generations, progress } = status;
  const share = Math.min(1, progress.completed / Math.max(progress.total, 1));
  const filled = Math.round(layout.bar * share);
  const current = Math.min(history.length + 1, generations);
  return [
    { text: phase === 'search' ? `${layout.generation} ${current}/${generations}` : phase },
    { text: '█'.repeat(filled) + '░'.repeat(layout.bar - filled), style: 'bright' },
    { text: `${Math.floor(100 * share)} %` },
    ...(left === undefined || left <= 0 ? [] : [{ text: `about ${formatSeconds(left)} left` }]),
  ];
}

function networkParts(
  { progress, failures, rungs }: RunStatus,
  rate: number | undefined,
  now: number,
): Part[] {
  const counts = Object.entries(rungs)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, { trained, promoted = trained }]) => {
      return trained < promoted ? `${trained} of ${promoted}` : `${trained}`;
    });
  return [
    { text: `${formatCount(progress.completed)} of ${formatCount(progress.total)}` },
    { text: failures === 0 ? 'none failed' : `${formatCount(failures)} failed` },
    { text: rate === undefined ? formatSeconds(now) : formatRate(rate) },
    ...(counts.length > 0 ? [{ text: `rungs ${counts.join(' → ')}` }] : []),
  ];
}

/** Formats a rate per second, as in `2.4 a second` or `14 a minute`. */
function formatRate(rate: number): string {
  if (rate >= 10) return `${formatCount(rate)} a second`;
  return rate >= 1 ? `${rate.toFixed(1)} a second` : `${Number((60 * rate).toPrecision(2))} a minute`;
}

function memberParts({ accuracy, loss, deviation, parameters }: GenerationMember): Part[] {
  const spread = deviation === null ? '' : ` ± ${deviation.toFixed(3)}`;
  return [
    { text: formatShare(accuracy) },
    { text: `loss ${loss.toFixed(3)}${spread}` },
    { text: `${formatCount(parameters)} parameters`, style: 'faint' },
  ];
}

function hypervolumeLine({ history }: RunStatus, width: number): Part[][] {
  if (history.length === 0) return [];
  const values = history.map(({ hypervolume }) => hypervolume);
  const last = values[values.length - 1].toFixed(4);
  const room = Math.max(1, width - last.length - 2 * GAP.length);
  const curve = sparkline(values, Math.min(MAX_SPARKLINE_WIDTH, room));
  return [[{ text: 'hypervolume' }, { text: last }, { text: curve, style: 'bright' }]];
}

function baselineLine({ baseline }: RunStatus): Part[][] {
  if (baseline === undefined) return [];
  const { validationAccuracy, validationLoss, parameters } = baseline;
  return [
    [
      { text: 'baseline' },
      { text: formatShare(validationAccuracy) },
      { text: `loss ${validationLoss.toFixed(3)}` },
      { text: `${formatCount(parameters)} parameters, trained in full`, style: 'faint' },
    ],
  ];
}

/** Drops parts that do not fit, and cuts the first. */
function fitted(parts: readonly Part[], width: number): Part[] {
  const [first, ...others] = parts;
  const kept = [{ ...first, text: first.text.slice(0, width) }];
  let used = first.text.length;
  for (const part of others) {
    used += GAP.length + part.text.length;
    if (used > width) break;
    kept.push(part);
  }
  return kept;
}
