import type { GenomeBounds } from '../../genome/bounds.ts';
import type { Individual, Observation } from '../search-state.ts';
import { featuresOf } from './features.ts';

/** The surrogate is fitted to no more losses than these, the latest; its cost grows with their cube. */
export const MOST_OBSERVATIONS = 400;

export function observationsAfter(
  observations: readonly Observation[],
  newborn: readonly Individual[],
  { frame }: Pick<GenomeBounds, 'frame'>,
): Observation[] {
  const added = newborn.map((individual) => ({
    features: featuresOf(individual.genome, individual, frame),
    losses: individual.rungLosses,
  }));
  return [...observations, ...added].slice(-MOST_OBSERVATIONS);
}
