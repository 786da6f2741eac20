import { randomStream } from '../../core/random.ts';
import { boundedObjectives } from '../objectives.ts';
import type { Individual, SearchSettings, SearchState } from '../search-state.ts';
import { binaryTournament, rankAndCrowding, type Standing, survival } from '../selection.ts';
import { atTopRung } from '../surrogate/expectation.ts';
import { proposeScreened } from '../surrogate/screening.ts';
import { drawRandom, proposeNew } from './proposing.ts';
import type { Sampler } from './sampler.ts';
import { afterGeneration } from './telling.ts';

const CROSSOVER_PROBABILITY = 0.8;

/**
 * NSGA-II (Deb, Pratap, Agarwal & Meyarivan 2002): parents by binary tournaments of the crowded comparison, elitist
 * survival of parents and children. A child that stayed on a lower rung competes with the loss that the surrogate expects of
 * it at the top; without one, with the loss it had: more training would only have lowered it.
 */
export const nsga2: Sampler = {
  name: 'nsga2',
  ask(state, settings) {
    if (state.population.length === 0) return proposeNew(state, settings, drawRandom(state, settings));
    const competing = atTopRung(state.population, state.observations, settings);
    const standings = standingsOf(competing, state, settings);
    const select = (index: number, attempt: number) => {
      const random = randomStream(settings.seed, state.generation, index, 'selection', attempt);
      const parent = () => state.population[binaryTournament(standings, random)].genome;
      return [parent(), parent()] as [Individual['genome'], Individual['genome']];
    };
    return proposeScreened(state, settings, CROSSOVER_PROBABILITY, select);
  },
  tell(state, settings, proposals, scores) {
    return afterGeneration(state, settings, proposals, scores, (candidates, { front, observations }) => {
      const competing = atTopRung(candidates, observations, settings);
      const survivors = survival(competing.map(boundedObjectives(front, settings)), settings.population);
      return survivors.map(({ index }) => candidates[index]);
    });
  },
};

/** Rank and crowding distance of some individuals among themselves. */
export function standingsOf(
  individuals: readonly Individual[],
  { front }: Pick<SearchState, 'front'>,
  settings: Pick<SearchSettings, 'bounds' | 'objectives'>,
): Standing[] {
  return rankAndCrowding(individuals.map(boundedObjectives(front, settings)));
}
