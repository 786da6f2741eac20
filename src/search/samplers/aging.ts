import { randomStream } from '../../core/random.ts';
import { crowdedComparison } from '../selection.ts';
import { atTopRung } from '../surrogate/expectation.ts';
import { proposeScreened } from '../surrogate/screening.ts';
import { standingsOf } from './nsga2.ts';
import { drawRandom, proposeNew } from './proposing.ts';
import type { Sampler } from './sampler.ts';
import { afterGeneration } from './telling.ts';

/** Individuals alive, in generations: with one generation alive every parent would have a single chance. */
const GENERATIONS_ALIVE = 4;
/** Share of those alive among which a parent is the best. */
const SAMPLE_SHARE = 0.25;

/**
 * Aging evolution (Real, Aggarwal, Huang & Le 2019, "Regularized evolution for image classifier architecture search",
 * section 3.1), with the crowded comparison where the paper compares accuracies: the parent is the best of a sample, its
 * child is a mutation, and the oldest die, however good they are. Whole generations are bred at once, so that threads
 * have work; the paper breeds one child at a time.
 */
export const aging: Sampler = {
  name: 'aging',
  ask(state, settings) {
    if (state.population.length === 0) return proposeNew(state, settings, drawRandom(state, settings));
    const { population, generation } = state;
    const standings = standingsOf(atTopRung(population, state.observations, settings), state, settings);
    const size = Math.max(2, Math.round(SAMPLE_SHARE * population.length));
    const select = (index: number, attempt: number) => {
      const random = randomStream(settings.seed, generation, index, 'selection', attempt);
      const sample = random.shuffle(standings).slice(0, size);
      const [best] = sample.toSorted((a, b) => crowdedComparison(a, b) || a.index - b.index);
      const { genome } = population[best.index];
      return [genome, genome] as [typeof genome, typeof genome];
    };
    return proposeScreened(state, settings, 0, select);
  },
  tell(state, settings, proposals, scores) {
    const alive = GENERATIONS_ALIVE * settings.population;
    return afterGeneration(state, settings, proposals, scores, (candidates) => candidates.slice(-alive));
  },
};
