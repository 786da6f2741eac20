import type { GenomeBounds } from '../../genome/bounds.ts';
import type { Individual, Observation } from '../search-state.ts';
import { featuresOf } from './features.ts';

/** The surrogate is fitted to the latest losses only, since its cost grows with their cube. */
export const MAX_OBSERVATIONS = 400;

/** Adds a generation to the observations, and forgets the oldest. */
export function observationsAfter(
  observations: readonly Observation[],
  children: readonly Individual[],
  { frame }: Pick<GenomeBounds, 'frame'>,
): Observation[] {
  const added = children.map((individual) => ({
    features: featuresOf(individual.genome, individual, frame),
    losses: individual.rungLosses,
    ...(individual.values && { values: individual.values }),
  }));
  return [...observations, ...added].slice(-MAX_OBSERVATIONS);
}
