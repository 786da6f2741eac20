import { log } from '../core/portable-math.ts';

/** Maps values to coordinates, with ticks at round values. */
export interface Axis {
  readonly ticks: readonly Tick[];
  at(value: number): number;
}

export interface Tick {
  readonly value: number;
  readonly label: string;
}

const TICKS = 6;
/** Free at either end of an axis with given ticks, as a share of what it spans. */
const MARGIN = 0.04;
const ROUND = [1, 2, 2.5, 5, 10];

export interface AxisOptions {
  /** Whether the axis ends at the minimum and maximum instead of round values. @defaultValue false */
  readonly exact?: boolean;
  /** Whether only whole numbers have ticks. @defaultValue false */
  readonly whole?: boolean;
}

/**
 * Makes an axis from the round value below the minimum to the round value above the maximum, with about six ticks.
 *
 * @param from, to coordinates of its ends
 */
export function axisOf(
  values: readonly number[],
  from: number,
  to: number,
  { exact = false, whole = false }: AxisOptions = {},
): Axis {
  const [minimum, maximum] = [Math.min(...values), Math.max(...values)];
  const { step, digits } = roundStep((maximum - minimum || Math.abs(maximum) || 1) / TICKS, whole);
  const [below, above] = [Math.floor(minimum / step + 1e-9), Math.ceil(maximum / step - 1e-9)];
  const [first, last] = exact ? [minimum / step, maximum / step] : [below, Math.max(above, below + 1)];
  const ticks: { value: number; label: string }[] = [];
  for (let tick = Math.ceil(first - 1e-9); tick <= last + 1e-9; tick++) {
    ticks.push({ value: tick * step, label: (tick * step).toFixed(digits) });
  }
  return { ticks, at: (value) => from + ((value / step - first) / (last - first)) * (to - from) };
}

/**
 * Makes an axis with the given ticks, from just below the minimum to just above the maximum of the values and ticks.
 *
 * @param isLogarithmic whether equal distances are equal ratios; values are then above zero
 */
export function axisWithTicks(
  ticks: readonly Tick[],
  values: readonly number[],
  from: number,
  to: number,
  isLogarithmic: boolean,
): Axis {
  const scaled = isLogarithmic ? log : (value: number) => value;
  const all = [...values, ...ticks.map(({ value }) => value)].map(scaled);
  const [minimum, maximum] = [Math.min(...all), Math.max(...all)];
  const margin = MARGIN * (maximum - minimum || 1);
  const [first, last] = [minimum - margin, maximum + margin];
  return { ticks, at: (value) => from + ((scaled(value) - first) / (last - first)) * (to - from) };
}

/** Finds the smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `minimum`, and its decimals. */
function roundStep(minimum: number, whole: boolean): { step: number; digits: number } {
  if (whole && minimum <= 1) return { step: 1, digits: 0 };
  let power = 0;
  while (10 ** power > minimum) power--;
  while (10 ** (power + 1) <= minimum) power++;
  const isAllowed = (factor: number) => !whole || Number.isInteger(factor * 10 ** power);
  const factor = ROUND.find((one) => one * 10 ** power >= minimum && isAllowed(one)) ?? 10;
  const more = { 2.5: 1, 10: -1 }[factor] ?? 0;
  return { step: factor * 10 ** power, digits: Math.max(0, more - power) };
}
