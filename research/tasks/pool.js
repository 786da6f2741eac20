import { meanAndDeviation } from '../search/curves.js';

/**
 * Pools paired differences of several seeds on the same rows: the mean, and an interval as wide as the mean of theirs. Seeds share
 * their rows, so their errors go together; the deviation of a mean is at most the mean of the deviations, however much.
 *
 * @param differences `{ estimate, interval95 }`, at least one
 */
export function poolDifferences(differences) {
  const meanOf = (read) => meanAndDeviation(differences.map(read)).mean;
  const { mean, deviation } = meanAndDeviation(differences.map(({ estimate }) => estimate));
  return {
    estimate: mean,
    deviation,
    interval95: [meanOf(({ interval95 }) => interval95[0]), meanOf(({ interval95 }) => interval95[1])],
  };
}

/**
 * What the source paper claims, measured: the cut of parameters and the difference of accuracy against the baseline over all
 * runs of all tasks, each with its spread. Runs without a baseline do not count; `null` without any.
 */
export function claimOf(reports) {
  const runs = reports
    .flatMap(({ runs }) => runs)
    .filter(({ baseline, best }) => baseline && best.difference);
  if (runs.length === 0) return null;
  const spreadOf = (values) => {
    return { ...meanAndDeviation(values), least: Math.min(...values), most: Math.max(...values) };
  };
  return {
    tasks: reports.length,
    runs: runs.length,
    cut: spreadOf(runs.map(({ baseline, best }) => 1 - best.parameters / baseline.parameters)),
    difference: spreadOf(runs.map(({ best }) => best.difference.estimate)),
  };
}
