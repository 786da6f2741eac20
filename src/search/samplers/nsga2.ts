import { randomStream } from '../../core/random.ts';
import { drawRandom, proposeNew, type Surrogate } from '../breeding.ts';
import { boundedObjectives, standingsOf } from '../objectives.ts';
import type { Individual, SearchSettings, SearchState } from '../search-state.ts';
import { binaryTournament, survival } from '../selection.ts';
import { afterGeneration } from './after-generation.ts';
import type { Sampler } from './sampler.ts';

const CROSSOVER_PROBABILITY = 0.8;

/**
 * NSGA-II (Deb, Pratap, Agarwal & Meyarivan 2002): parents by binary tournaments of the crowded comparison, elitist
 * survival of parents and children. A child that stayed on a lower rung competes with the loss that the surrogate expects
 * of it at the top; without a surrogate, with the loss it had, which more training would only have lowered.
 */
export const nsga2 = ({ propose, atTopRung, observe }: Surrogate): Sampler => ({
  name: 'nsga2',
  ask(state, settings) {
    if (state.population.length === 0) return proposeNew(state, settings, drawRandom(state, settings));
    const competing = atTopRung(state.population, state.observations, settings);
    const standings = standingsOf(competing, state, settings);
    return propose(state, settings, CROSSOVER_PROBABILITY, (index, attempt) => {
      const random = randomStream(settings.seed, state.generation, index, 'selection', attempt);
      const parent = () => state.population[binaryTournament(standings, random)].genome;
      return [parent(), parent()];
    });
  },
  tell(state, settings, proposals, scores) {
    return afterGeneration(state, settings, proposals, scores, observe, (candidates, known) =>
      survivors(candidates, known, settings, atTopRung),
    );
  },
});

/** Selects who may have children, of parents (first) and children, as objectives expected at the top rung say. */
export function survivors(
  candidates: readonly Individual[],
  { front, observations }: Pick<SearchState, 'front' | 'observations'>,
  settings: SearchSettings,
  atTopRung: Surrogate['atTopRung'],
): Individual[] {
  const competing = atTopRung(candidates, observations, settings);
  const best = survival(competing.map(boundedObjectives(front, settings)), settings.population);
  return best.map(({ index }) => candidates[index]);
}
