import type { RandomStream } from '../core/random.ts';
import type { Objectives } from './dominance.ts';
import { promotedCount } from './ladder.ts';
import { crowdedComparison, rankAndCrowding } from './selection.ts';

/** Share of the promoted that are drawn from the others at random: a rung may be wrong. */
export const LUCKY_SHARE = 0.2;

/**
 * Promotes a third of a generation to the next rung: the best by non-dominated rank, then by crowding distance, among the
 * generation and the population at the same rung. A fifth of the promoted, if there are at least three, are drawn at random
 * from the others.
 *
 * @param children objectives of the generation at this rung; `null` for those that failed
 * @param population objectives that members of the population had at this rung
 * @returns indices in `children`, ascending
 */
export function promote(
  children: readonly Objectives[],
  population: readonly Objectives[],
  random: RandomStream,
): number[] {
  const wanted = promotedCount(children.length);
  const order = rankAndCrowding([...children, ...population])
    .filter(({ index }) => index < children.length && children[index] !== null)
    .sort((a, b) => crowdedComparison(a, b) || a.index - b.index)
    .map(({ index }) => index);
  const drawn = wanted < 3 ? 0 : Math.round(LUCKY_SHARE * wanted);
  const best = order.slice(0, wanted - drawn);
  const lucky = random.shuffle(order.slice(wanted - drawn)).slice(0, drawn);
  return [...best, ...lucky].sort((a, b) => a - b);
}
