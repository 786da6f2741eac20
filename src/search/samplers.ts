import { aging } from './samplers/aging.ts';
import { nsga2 } from './samplers/nsga2.ts';
import { randomSearch } from './samplers/random-search.ts';
import type { Sampler, SamplerName } from './samplers/sampler.ts';
import { surrogate } from './surrogate/screening.ts';

/** The samplers that evopatch offers, by the name of the option. */
export const samplers: Readonly<Record<SamplerName, Sampler>> = {
  nsga2: nsga2(surrogate),
  aging: aging(surrogate),
  random: randomSearch(surrogate),
};
