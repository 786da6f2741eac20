import type { Preference } from '../options/preferences.ts';
import type { Finalist } from '../run/result.ts';
import { compare, type Trained } from './finals.ts';

/** What a choice depends on. */
export interface Choice {
  readonly prefer: Preference;
  /** Negligible loss of accuracy, 0 to 1. */
  readonly margin: number;
  /** Of the validation rows. */
  readonly labels: Uint8Array;
}

type Order = (a: Finalist, b: Finalist) => number;

const mostAccurate: Order = (a, b) => b.validationAccuracy - a.validationAccuracy || sizeOf(a) - sizeOf(b);
const ORDERS: Readonly<Record<Preference, Order>> = {
  smallest: (a, b) => sizeOf(a) - sizeOf(b) || mostAccurate(a, b),
  pixels: (a, b) => a.coveredPixels - b.coveredPixels || a.parameters - b.parameters || mostAccurate(a, b),
  accurate: mostAccurate,
};

/** The product of pixels and parameters: halving either counts the same. */
function sizeOf({ coveredPixels, parameters }: Finalist): number {
  return coveredPixels * parameters;
}

/** Chooses the preferred finalist of those that hold; `undefined` where there is none. */
export function chooseBest(
  finalists: readonly Trained<Finalist>[],
  choice: Choice,
): Trained<Finalist> | undefined {
  const order = ORDERS[choice.prefer];
  return holding(finalists, choice).toSorted((a, b) => order(a.measurement, b.measurement))[0];
}

/**
 * Keeps the finalists that hold: those that are not worse than the baseline; or, where all are worse or there is no baseline,
 * those that are not worse than the most accurate finalist. The comparisons are not corrected for the number of finalists, and the
 * same rows choose and report, so only the test rows give an unbiased result.
 */
function holding(
  finalists: readonly Trained<Finalist>[],
  { margin, labels }: Choice,
): readonly Trained<Finalist>[] {
  const notWorse = finalists.filter(({ measurement }) => measurement.difference?.notWorse);
  if (notWorse.length > 0 || finalists.length === 0) return notWorse;
  const [best] = finalists.toSorted((a, b) => mostAccurate(a.measurement, b.measurement));
  return finalists.filter((one) => {
    // On few rows not even a network that answers the same can be shown not to be worse.
    return one === best || compare(one.evaluation, best.evaluation, labels, margin).notWorse;
  });
}
