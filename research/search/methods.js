import { evolvePatches } from '../../dist/evolution/evolve-patches.js';
import { parseOptions } from '../../dist/options/evolve-options.js';
import {
  generationSize,
  promotedCount,
  repeatsOf,
  samplesSeen,
  startRung,
} from '../../dist/search/ladder.js';

/** Everything that the whole method adds is left out. */
const PLAIN = { halving: false, adaptive: false, surrogate: false, repeats: 1 };

/** Ways to search that are compared: what they do differently from the defaults. */
export const METHODS = {
  plain: { sampler: 'nsga2', ...PLAIN },
  surrogate: { sampler: 'nsga2', ...PLAIN, surrogate: true },
  rungs: { sampler: 'nsga2', ...PLAIN, halving: true },
  full: { sampler: 'nsga2' },
  aging: { sampler: 'aging', ...PLAIN },
  random: { sampler: 'random', ...PLAIN },
};

export const METHOD_TITLES = {
  plain: 'plain GA (NSGA-II)',
  surrogate: 'GA + surrogate',
  rungs: 'GA + rungs',
  full: 'full method',
  aging: 'aging evolution',
  random: 'random search',
};

/**
 * How large the searches are.
 *
 * @typedef {Pick<EvolveOptions, 'bounds' | 'fitness' | 'workers' | 'engine' | 'signal' | 'onEvent'>} SearchScale
 * @property {Dataset} dataset
 * @property {number} population
 * @property {number} generations Generations of the plain GA, which set the compute for all.
 */

/**
 * Hypervolume of a search after each generation.
 *
 * @typedef {object} SearchCurve
 * @property {MethodName} method
 * @property {string} seed
 * @property {CurvePoint[]} points
 */

/**
 * @typedef {object} CurvePoint
 * @property {number} samplesSeen Samples that all trainings so far saw, each epoch counted anew: the compute, whatever the machine.
 * @property {number} evaluations
 * @property {number} hypervolume Share of the box below the reference point, 0 to 1.
 */

/**
 * A finished search: its curve, and the genomes that it found.
 *
 * @typedef {SearchCurve} MeasuredSearch
 * @property {ScoredGenome[]} front
 * @property {number} seconds
 */

/** The last training of a run is not what is measured here. */
export const HARDLY_ANY_FINAL = {
  baseline: false,
  controls: 'none',
  finalists: 1,
  prefer: 'accurate', // the others would train more
  final: { samples: 512, epochs: 1 },
};

/**
 * Runs one search.
 *
 * @param budget samples that it may see; without it, the planned generations
 * @param choice what it does differently from its method
 */
export async function measureSearch(method, seed, scale, budget, choice = {}) {
  const options = { ...scale, ...METHODS[method], ...choice, ...HARDLY_ANY_FINAL, seed };
  const limited = budget === undefined ? options : { ...options, ...limitsOf(options, budget) };
  const { history, front, timing } = await evolvePatches(limited);
  const points = [];
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
function limitsOf(options, budget) {
  let generations = 1;
  while (plannedSamples(parseOptions({ ...options, generations })) < 1.05 * budget) generations++;
  return { generations, maximumSamples: budget };
}

/** Samples that a whole search is expected to see. */
export function plannedSamples(settings) {
  const { generations, plans, ladder, topRung, halving } = settings;
  let total = 0;
  for (let generation = 0; generation < generations; generation++) {
    total += repeatsOf(generation, settings) * samplesSeen(ladder, -1, topRung);
    const first = halving ? startRung(generation, plans, ladder.length) : topRung;
    let climbing = generationSize(generation, settings);
    for (let rung = first; rung <= topRung; rung++) {
      total += climbing * samplesSeen(ladder, rung === first ? -1 : rung - 1, rung);
      climbing = promotedCount(climbing);
    }
  }
  return total;
}
