import { EvopatchError } from '../core/errors.ts';

export const WEIGHTINGS = ['rank', 'error', 'count'] as const;
/**
 * What the weight of a genome in a map follows from: the rank of its front, its error, or nothing, so that all count
 * the same and a share of the networks is a count of them.
 */
export type Weighting = (typeof WEIGHTINGS)[number];

/** The weight of a genome in the map of a population: 1 in the first front, a half in the second, a third, … */
export function rankWeight(rank: number): number {
  return 1 / (1 + rank);
}

/**
 * The part of the way from guessing to no error at all that a genome has come: 1 for no error, 0 for one that is no
 * better than guessing among equally frequent classes.
 *
 * @param error share of the samples that are classified wrongly, 0 to 1
 */
export function errorWeight(error: number, classes: number): number {
  return Math.max(0, 1 - error / (1 - 1 / classes));
}

/** What the weight of a genome may follow from. */
export interface Weighed {
  /** Share of the samples that are classified rightly, 0 to 1. */
  readonly accuracy: number;
  /** Number of its front, 0 is the best. @defaultValue 0 */
  readonly rank?: number;
}

/**
 * The weights of genomes, one for each.
 *
 * @throws EvopatchError `INVALID_OPTION` where none is better than guessing and the error is to count.
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
