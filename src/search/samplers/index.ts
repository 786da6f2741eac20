import { aging } from './aging.ts';
import { nsga2 } from './nsga2.ts';
import { randomSearch } from './random-search.ts';
import type { Sampler, SamplerName } from './sampler.ts';

export const samplers: Readonly<Record<SamplerName, Sampler>> = { nsga2, aging, random: randomSearch };
