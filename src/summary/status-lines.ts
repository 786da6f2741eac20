import type { GenerationMember } from '../search/events.ts';
import { formatCount, formatSeconds, formatShare } from './format.ts';
import { bestWithin, paceOf, type RunStatus } from './run-status.ts';
import { sparkline } from './sparkline.ts';

/** A piece of a line; what is faint explains, what is bright is drawn. */
export interface Part {
  readonly text: string;
  readonly style?: 'faint' | 'bright';
}

const GAP = '  ';
const SPARKLINE_WIDTH = 32;

/** Characters of the labels before the lines, and of the bar. */
const LAYOUTS = {
  wide: { generation: 'generation', label: 16, bar: 24 },
  narrow: { generation: 'gen', label: 11, bar: 8 },
} as const;
type Layout = (typeof LAYOUTS)[keyof typeof LAYOUTS];
/** On fewer columns than this the layout is the narrow one. */
const NARROW = 64;

/** Sizes at which the best network is shown. */
const SIZES = [
  { label: '≤ 100k', parameters: 100_000 },
  { label: '≤ 30k', parameters: 30_000 },
] as const;

/**
 * Where a run is in a few lines, each no wider than `width`: parts at the ends of lines are left out where there is no
 * room for them, and the last lines where there are too few rows.
 *
 * @param now seconds since the display began
 */
export function statusLines(status: RunStatus, now: number, width: number, rows: number): Part[][] {
  const layout = width < NARROW ? LAYOUTS.narrow : LAYOUTS.wide;
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

/** A line's parts side by side. @param paint what a part becomes, with codes for its colour or as it is */
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
  const climbed = Object.entries(rungs)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, { trained, promoted = trained }]) => {
      return trained < promoted ? `${trained} of ${promoted}` : `${trained}`;
    });
  return [
    { text: `${formatCount(progress.completed)} of ${formatCount(progress.total)}` },
    { text: failures === 0 ? 'none failed' : `${formatCount(failures)} failed` },
    { text: rate === undefined ? formatSeconds(now) : formatRate(rate) },
    ...(climbed.length > 0 ? [{ text: `rungs ${climbed.join(' → ')}` }] : []),
  ];
}

/** As in `2.4 a second` or `14 a minute`. */
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
  const curve = sparkline(values, Math.min(SPARKLINE_WIDTH, room));
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

/** As many parts as there is room for, and of the first one as much. */
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
