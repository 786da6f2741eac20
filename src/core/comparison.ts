import { exp, log } from './portable-math.ts';

/** 0.975 quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/** Lower and upper bounds. */
export type Interval = readonly [number, number];

/** The difference of the accuracies of a candidate and a reference on the same samples. */
export interface PairedDifference {
  /** Accuracy of the candidate − accuracy of the reference, −1 to 1. */
  readonly estimate: number;
  readonly interval95: Interval;
  /** Samples that only the candidate gets right, and those that only the reference does. */
  readonly gained: number;
  readonly lost: number;
  /** Two-sided exact test of McNemar (1947): the probability of a split at least this uneven if neither is better. */
  readonly pValue: number;
}

/**
 * Computes the 95 % score interval of a proportion (Wilson 1927, "Probable inference, the law of succession, and statistical
 * inference").
 *
 * @param proportion of `count` ≥ 1 samples
 */
export function proportionInterval(proportion: number, count: number): Interval {
  const spread = (Z * Z) / count;
  const centre = (proportion + spread / 2) / (1 + spread);
  const half = (Z * Math.sqrt((proportion * (1 - proportion)) / count + spread / (4 * count))) / (1 + spread);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * Computes the difference of two classifiers' accuracies on the same samples with its 95 % interval: the normal interval for
 * matched proportions with half a sample added to each of the four cells (Agresti & Min 2005, "Simple improved confidence
 * intervals for comparing matched proportions", section 3). Only the samples that exactly one of the two gets right count, so it
 * is much narrower than the two separate intervals suggest.
 *
 * @param candidate, reference class given to each sample
 * @param labels true class of each sample; the same length, at least one
 */
export function pairedDifference(
  candidate: Uint8Array,
  reference: Uint8Array,
  labels: Uint8Array,
): PairedDifference {
  let gained = 0; // samples that only the candidate gets right
  let lost = 0; // samples that only the reference gets right
  for (let sample = 0; sample < labels.length; sample++) {
    const right = candidate[sample] === labels[sample];
    if (right === (reference[sample] === labels[sample])) continue;
    if (right) gained++;
    else lost++;
  }
  const count = labels.length + 2;
  const centre = (gained - lost) / count;
  const half = Z * Math.sqrt(((gained + lost + 1) / count - centre * centre) / count);
  return {
    estimate: (gained - lost) / labels.length,
    interval95: [Math.max(-1, centre - half), Math.min(1, centre + half)],
    gained,
    lost,
    pValue: twoSidedSignTest(gained, lost),
  };
}

/**
 * Computes the 95 % interval of the difference of two proportions of different samples, first − second (Newcombe 1998, "Interval
 * estimation for the difference between independent proportions", method 10: from the two score intervals).
 *
 * @param first, second proportions of `firstCount` and `secondCount` samples, at least one each
 */
export function independentDifference(
  first: number,
  firstCount: number,
  second: number,
  secondCount: number,
): Interval {
  const [firstLow, firstHigh] = proportionInterval(first, firstCount);
  const [secondLow, secondHigh] = proportionInterval(second, secondCount);
  const length = (a: number, b: number) => Math.sqrt(a * a + b * b);
  const difference = first - second;
  return [
    Math.max(-1, difference - length(first - firstLow, secondHigh - second)),
    Math.min(1, difference + length(firstHigh - first, second - secondLow)),
  ];
}

/** Doubles the probability that tosses of a fair coin give at most the smaller of two counts; at most 1. */
function twoSidedSignTest(first: number, second: number): number {
  const tosses = first + second;
  let logTerm = -tosses * log(2); // of the probability of no heads at all
  let sum = 0;
  for (let heads = 0; heads <= Math.min(first, second); heads++) {
    sum += exp(logTerm);
    logTerm += log((tosses - heads) / (heads + 1));
  }
  return Math.min(1, 2 * sum);
}

/**
 * Tests whether a candidate counts as not worse: the whole interval of the difference lies above −margin. In this test of
 * non-inferiority, too few samples count against the candidate, not for it.
 *
 * @param margin the maximum loss of accuracy that does not matter, 0 to 1
 */
export function isNotWorse(difference: PairedDifference, margin: number): boolean {
  return difference.interval95[0] >= -margin;
}
