import { boundedObjectives } from '../objectives.ts';
import { survival } from '../selection.ts';
import { drawRandom, proposeNew } from './proposing.ts';
import type { Sampler } from './sampler.ts';
import { afterGeneration } from './telling.ts';

/** Random search (Bergstra & Bengio 2012): every genome is drawn anew; the population is the best so far. */
export const randomSearch: Sampler = {
  name: 'random',
  ask: (state, settings) => proposeNew(state, settings, drawRandom(state, settings)),
  tell: (state, settings, proposals, scores) =>
    afterGeneration(state, settings, proposals, scores, (candidates, front) => {
      const survivors = survival(candidates.map(boundedObjectives(front, settings)), settings.population);
      return survivors.map(({ index }) => candidates[index]);
    }),
};
