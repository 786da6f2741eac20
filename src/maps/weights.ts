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
