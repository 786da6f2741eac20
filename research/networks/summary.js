import { proportionInterval } from '../../dist/core/comparison.js';
import { meanAndDeviation } from '../search/curves.js';

/**
 * What one training came to on the validation rows.
 *
 * @typedef {object} StudyMeasurement
 * @property {number[]} right A 1 for each row that it answers rightly, else a 0, in the order of the rows.
 * @property {number[]} unseen The same of those rows alone whose picture no training row shows.
 */

/** `null` of no rows. */
export function accuracyOf(right) {
  return right.length === 0 ? null : meanAndDeviation(right).mean;
}

/**
 * A mean over seeds with its sample standard deviation, `null` of one.
 *
 * @typedef {object} Spread
 * @property {number} mean
 * @property {number | null} deviation
 */

/**
 * The trainings of one network, of as many seeds as have ended, at least one.
 *
 * @typedef {Spread} SeedsSummary
 * @property {number[]} accuracies
 * @property {Interval} interval95 Of the mean, as of one network on as many rows (Wilson).
 * @property {Spread | null} unseen
 */

export function summarizeSeeds(measured) {
  const accuracies = measured.map(({ right }) => meanAndDeviation(right).mean);
  const spread = meanAndDeviation(accuracies);
  const unseen = measured.flatMap((one) => accuracyOf(one.unseen) ?? []);
  return {
    ...spread,
    accuracies,
    interval95: proportionInterval(spread.mean, measured[0].right.length),
    unseen: unseen.length === 0 ? null : meanAndDeviation(unseen),
  };
}

/** 0.975 quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * How much more often some networks are right than others, on the rows that no training row shows: for each the share of the
 * seeds that is right, the difference of the two, and the normal interval of its mean over the rows. It holds for these
 * trainings; what another seed may change is in the spread. `null` where there are no such rows.
 */
export function seedsDifference(candidates, references) {
  const share = (of, row) => of.reduce((sum, { unseen }) => sum + unseen[row], 0) / of.length;
  const differences = candidates[0].unseen.map((_, row) => share(candidates, row) - share(references, row));
  if (differences.length === 0) return null;
  const { mean, deviation } = meanAndDeviation(differences);
  const half = (Z * (deviation ?? 0)) / Math.sqrt(differences.length);
  return { estimate: mean, interval95: [mean - half, mean + half] };
}

const EPOCH = /^(\S+) epoch (\d+) of (\d+):/;

/**
 * Seconds of an epoch, the median of those that began and ended in one process, by a log whose lines begin with the time
 * (ISO 8601); `null` where there is none such. A line that is no epoch's breaks the row.
 */
export function epochSeconds(log) {
  const seconds = [];
  let last;
  for (const line of log.split('\n')) {
    const found = EPOCH.exec(line);
    const current = found === null ? undefined : { epoch: Number(found[2]), time: Date.parse(found[1]) };
    if (current && last && current.epoch === last.epoch + 1) seconds.push((current.time - last.time) / 1000);
    last = current;
  }
  const sorted = seconds.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return sorted.length === 0 ? null : (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** The last epoch that a log tells of, and of how many; `undefined` before the first. */
export function lastEpoch(log) {
  const line = log.split('\n').findLast((one) => EPOCH.test(one));
  const found = line === undefined ? null : EPOCH.exec(line);
  return found === null ? undefined : { epoch: Number(found[2]), of: Number(found[3]) };
}
