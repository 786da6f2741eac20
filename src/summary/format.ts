import type { Interval } from '../core/comparison.ts';

/** The names of the networks that a run trains in full. */
export const NETWORK_NAMES = {
  baseline: 'full-face baseline',
  evolved: 'evolved patches',
  control: 'whole-face control',
} as const;

/** Formats 1941075 as `1,941,075`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Formats 24100000 as `24.10 M`; below ten thousand as a count. */
export function formatMillions(count: number): string {
  if (count < 1e4) return formatCount(count);
  return count < 1e6 ? `${(count / 1e3).toFixed(0)} k` : `${(count / 1e6).toFixed(2)} M`;
}

/** Formats a share as `61.8 %`. The digits are named, so that a list's `map` cannot pass its index for them. */
export function formatShare(share: number, { digits = 1 }: { readonly digits?: number } = {}): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** Formats an interval of shares as `65.0 % to 68.4 %`. */
export function formatInterval([low, high]: Interval): string {
  return `${formatShare(low)} to ${formatShare(high)}`;
}

/** Formats an accuracy with its interval, as in `61.8 % (60.2–63.4)`. */
export function formatAccuracy({
  validationAccuracy,
  interval95,
}: {
  readonly validationAccuracy: number | null;
  readonly interval95: Interval | null;
}): string {
  if (validationAccuracy === null || interval95 === null) return 'not measured';
  const [low, high] = interval95.map((end) => (100 * end).toFixed(1));
  return `${formatShare(validationAccuracy)} (${low}–${high})`;
}

/** Formats a difference of shares as `+0.7`, in percentage points. */
export function formatPoints(difference: number): string {
  const points = (100 * difference).toFixed(1).replace(/^-0\.0$/, '0.0');
  return Number(points) > 0 ? `+${points}` : points.replace('-', '−');
}

/** Formats seconds as `42 s`, `3 min 05 s`, `1 h 12 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (part: number) => part.toString().padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** Formats a probability as `p = 0.03`; small ones as `p < 0.001`. */
export function formatProbability(probability: number): string {
  return probability < 0.001 ? 'p < 0.001' : `p = ${Number(probability.toPrecision(2))}`;
}

/** Makes the first letter a capital. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const BARS = '▁▂▃▄▅▆▇█';

/**
 * Draws values as a row of bars scaled from the smallest to the largest; more values than `width` are thinned evenly, keeping
 * the last.
 *
 * @param width maximum characters, from 1
 */
export function sparkline(values: readonly number[], width: number): string {
  const count = Math.min(values.length, width);
  const picked = Array.from({ length: count }, (_, index) => {
    return values[Math.ceil(((index + 1) * values.length) / count) - 1];
  });
  const minimum = Math.min(...picked);
  const range = Math.max(...picked) - minimum;
  return picked
    .map((value) => BARS[range === 0 ? 0 : Math.round(((value - minimum) / range) * (BARS.length - 1))])
    .join('');
}
