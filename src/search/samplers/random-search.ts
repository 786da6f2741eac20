import { drawRandom, proposeNew, type Surrogate } from '../breeding.ts';
import { nsga2 } from './nsga2.ts';
import type { Sampler } from './sampler.ts';

/** Random search (Bergstra & Bengio 2012): every genome is drawn anew; the population is the best so far. */
export const randomSearch = (surrogate: Surrogate): Sampler => ({
  name: 'random',
  ask: (state, settings) => proposeNew(state, settings, drawRandom(state, settings)),
  tell: nsga2(surrogate).tell,
});
