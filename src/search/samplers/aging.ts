import { randomStream } from '../../core/random.ts';
import { drawRandom, proposeNew, type Surrogate } from '../breeding.ts';
import { standingsOf } from '../objectives.ts';
import { crowdedComparison } from '../selection.ts';
import { afterGeneration } from './after-generation.ts';
import type { Sampler } from './sampler.ts';

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
export const aging = ({ propose, atTopRung, observe }: Surrogate): Sampler => ({
  name: 'aging',
  ask(state, settings) {
    if (state.population.length === 0) return proposeNew(state, settings, drawRandom(state, settings));
    const { population, generation } = state;
    const standings = standingsOf(atTopRung(population, state.observations, settings), state, settings);
    const size = Math.max(2, Math.round(SAMPLE_SHARE * population.length));
    return propose(state, settings, 0, (index, attempt) => {
      const random = randomStream(settings.seed, generation, index, 'selection', attempt);
      const sample = random.shuffle(standings).slice(0, size);
      const [best] = sample.toSorted((a, b) => crowdedComparison(a, b) || a.index - b.index);
      const { genome } = population[best.index];
      return [genome, genome];
    });
  },
  tell(state, settings, proposals, scores) {
    const alive = GENERATIONS_ALIVE * settings.population;
    const survive = (candidates: typeof state.population) => candidates.slice(-alive);
    return afterGeneration(state, settings, proposals, scores, observe, survive);
  },
});
