import type { Dataset } from '../data/dataset.ts';
import { evolvePatches } from '../evolution/evolve-patches.ts';
import { type EvolveOptions, type EvolveSettings, parseOptions } from '../options/evolve-options.ts';
import type { ScoredGenome } from '../run/result.ts';
import { generationSize, promotedCount, repeatsOf, samplesSeen, startRung } from '../search/ladder.ts';

type Choice = Pick<EvolveOptions, 'sampler' | 'halving' | 'adaptive' | 'repeats' | 'surrogate'>;

/** Everything that the whole method adds is left out. */
const PLAIN = { halving: false, adaptive: false, surrogate: false, repeats: 1 } as const;

/** Ways to search that are compared: what they do differently from the defaults. */
export const METHODS = {
  plain: { sampler: 'nsga2', ...PLAIN },
  surrogate: { sampler: 'nsga2', ...PLAIN, surrogate: true },
  rungs: { sampler: 'nsga2', ...PLAIN, halving: true },
  full: { sampler: 'nsga2' },
  aging: { sampler: 'aging', ...PLAIN },
  random: { sampler: 'random', ...PLAIN },
} as const satisfies Record<string, Choice>;
export type MethodName = keyof typeof METHODS;

export const METHOD_TITLES: Readonly<Record<MethodName, string>> = {
  plain: 'plain GA (NSGA-II)',
  surrogate: 'GA + surrogate',
  rungs: 'GA + rungs',
  full: 'full method',
  aging: 'aging evolution',
  random: 'random search',
};

/** How large the searches are. */
export interface SearchScale
  extends Pick<EvolveOptions, 'bounds' | 'fitness' | 'workers' | 'engine' | 'signal' | 'onEvent'> {
  readonly dataset: Dataset;
  readonly population: number;
  /** Generations of the plain GA, which set the compute for all. */
  readonly generations: number;
}

/** Hypervolume of a search after each generation. */
export interface SearchCurve {
  readonly method: MethodName;
  readonly seed: string;
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  /** Samples that all trainings so far saw, each epoch counted anew: the compute, whatever the machine. */
  readonly samplesSeen: number;
  readonly evaluations: number;
  /** Share of the box below the reference point, 0 to 1. */
  readonly hypervolume: number;
}

/** A finished search: its curve, and the genomes that it found. */
export interface MeasuredSearch extends SearchCurve {
  readonly front: readonly ScoredGenome[];
  readonly seconds: number;
}

/** The last training of a run is not what is measured here. */
const HARDLY_ANY_FINAL = {
  baseline: false,
  control: false,
  finalists: 1,
  final: { samples: 512, epochs: 1 },
} as const;

/**
 * Runs one search.
 *
 * @param budget samples that it may see; without it, the planned generations
 * @param choice what it does differently from its method
 */
export async function measureSearch(
  method: MethodName,
  seed: string,
  scale: SearchScale,
  budget?: number,
  choice: Choice = {},
): Promise<MeasuredSearch> {
  const options: EvolveOptions = { ...scale, ...METHODS[method], ...choice, ...HARDLY_ANY_FINAL, seed };
  const limited = budget === undefined ? options : { ...options, ...limitsOf(options, budget) };
  const { history, front, timing } = await evolvePatches(limited);
  const points: CurvePoint[] = [];
  for (const { samplesSeen, evaluations, hypervolume } of history) {
    const before = points.at(-1)?.evaluations ?? 0;
    points.push({ samplesSeen, evaluations: before + evaluations, hypervolume });
  }
  return { method, seed, points, front, seconds: timing.searchSeconds };
}

/**
 * Late generations are known by the number that is planned, so that number has to fit the budget; a little above it, since
 * a generation may take less than planned and the limit on samples ends it.
 */
function limitsOf(
  options: EvolveOptions,
  budget: number,
): Pick<EvolveOptions, 'generations' | 'maximumSamples'> {
  let generations = 1;
  while (plannedSamples(parseOptions({ ...options, generations })) < 1.05 * budget) generations++;
  return { generations, maximumSamples: budget };
}

/** Samples that a whole search is expected to see. */
export function plannedSamples(settings: EvolveSettings): number {
  const { generations, ladder, topRung, halving } = settings;
  let total = 0;
  for (let generation = 0; generation < generations; generation++) {
    total += repeatsOf(generation, settings) * samplesSeen(ladder, -1, topRung);
    const first = halving ? startRung(generation, generations, ladder.length) : topRung;
    let climbing = generationSize(generation, settings);
    for (let rung = first; rung <= topRung; rung++) {
      total += climbing * samplesSeen(ladder, rung === first ? -1 : rung - 1, rung);
      climbing = promotedCount(climbing);
    }
  }
  return total;
}
