import { EvopatchError } from '../core/errors.ts';

export const WEIGHTINGS = ['rank', 'error', 'count'] as const;
/**
 * How a map weighs its genomes: by the rank of their front, by their error, or all alike (`count`), so that shares count
 * networks.
 */
export type Weighting = (typeof WEIGHTINGS)[number];

/** Returns the weight of a genome in the map of a population: 1 in the first front, then 1/2, 1/3 and so on. */
export function rankWeight(rank: number): number {
  return 1 / (1 + rank);
}

/**
 * Weighs a genome by its error, from 1 for no error down to 0 for a genome that is no better than guessing among equally
 * frequent classes.
 *
 * @param error share of the samples that are classified wrongly, 0 to 1
 */
export function errorWeight(error: number, classes: number): number {
  return Math.max(0, 1 - error / (1 - 1 / classes));
}

/** Holds the scores of a genome that its weight can depend on. */
export interface Weighed {
  /** Share of the samples that are classified correctly, 0 to 1. */
  readonly accuracy: number;
  /** Index of its front; 0 is the best. @defaultValue 0 */
  readonly rank?: number;
}

/**
 * Weighs genomes, one weight for each.
 *
 * @throws EvopatchError `INVALID_OPTION` if they weigh by error and no genome is better than guessing.
 */
export function weightsOf(members: readonly Weighed[], weighting: Weighting, classes: number): number[] {
  if (weighting === 'count') return members.map(() => 1);
  if (weighting === 'rank') return members.map(({ rank = 0 }) => rankWeight(rank));
  const weights = members.map(({ accuracy }) => errorWeight(1 - accuracy, classes));
  if (weights.some((weight) => weight > 0)) return weights;
  throw new EvopatchError('INVALID_OPTION', 'no network is better than guessing', {
    option: 'weights',
    given: weighting,
    hint: "Weigh by 'count'",
  });
}
