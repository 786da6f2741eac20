import { canonicalJson } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { randomStream } from '../core/random.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import type { Genome } from '../genome/genome.ts';
import { coveredPixels } from '../genome/patches.ts';
import { randomPatches } from '../genome/random-layout.ts';
import { type Agreement, agreementOf, type RankedMap, rankValues } from './agreement.ts';
import { patchCounts, sharesOf, valuesOnFace } from './heat.ts';

/** Holds the genome that a run chose, or several with their weights. */
export interface WeightedGenomes {
  readonly genomes: readonly Genome[];
  /** One for each genome, not negative, not all 0. @defaultValue equal weights */
  readonly weights?: readonly number[];
}

/** Adds the bounds of a run's genomes, within which random layouts are drawn for comparison. */
export interface BoundedRun extends WeightedGenomes {
  readonly bounds: GenomeBounds;
}

/** Summarises random draws: their mean, the interval that holds 95 % of them, and the value that 99 % do not exceed. */
export interface ChanceLevel {
  readonly mean: number;
  readonly interval95: readonly [number, number];
  readonly percentile99: number;
}

/** Measures how much the maps of two runs agree. */
export interface PairAgreement extends Agreement {
  /** Indices of the runs. */
  readonly first: number;
  readonly second: number;
}

/** Measures whether different runs look at the same parts of the face, as means over all pairs of runs. */
export interface Consistency extends Agreement {
  /**
   * The rank correlation corrected for chance: (spearman − random) / (1 − random), as Hubert & Arabie 1985, "Comparing
   * partitions", correct other indices of agreement. At 1 all runs look at the same pixels; at 0 they agree no more than
   * random layouts do. `null` if there is no correlation.
   */
  readonly score: number | null;
  readonly pairs: readonly PairAgreement[];
  /**
   * The same for random layouts within the same bounds, each with as many pixels and the same weight as the genome that it
   * replaces. It is not 0: random patches cover the middle of the face more often than its edge, and the more genomes a map
   * combines, the more this alone makes maps agree.
   */
  readonly random: { readonly draws: number; readonly spearman: ChanceLevel; readonly overlap: ChanceLevel };
}

export interface ConsistencyOptions {
  /** Two or more runs with the same face frame. */
  readonly runs: readonly BoundedRun[];
  /** How many times random layouts replace those of the runs. @defaultValue 400 */
  readonly draws?: number;
  /** @defaultValue 'consistency' */
  readonly seed?: string;
}

/** Number of random layouts of each size that the draws pick from; enough for any two draws to differ. */
const POOL = 200;

/**
 * Measures the consistency of runs or of seeds: how much their patch maps agree, and how much those of random layouts
 * of as many pixels would.
 *
 * @throws EvopatchError `INVALID_OPTION` for fewer than two runs, different frames, or invalid weights.
 */
export function consistencyOf(options: ConsistencyOptions): Consistency {
  const { draws = 400, seed = 'consistency' } = options;
  const runs = options.runs.map((run) => ({ ...run, weights: run.weights ?? run.genomes.map(() => 1) }));
  checkRuns(runs);
  const { frame } = runs[0].bounds;
  const readOnFace = (genome: Pick<Genome, 'patches'>) => valuesOnFace(patchCounts(genome, frame), frame);
  const pairs = pairsOf(runs.map(({ genomes, weights }) => mapOf(genomes.map(readOnFace), weights)));
  const pools = new Map<string, Float64Array[]>();
  const poolOf = (genome: Genome, bounds: GenomeBounds) => {
    const pixels = coveredPixels(genome, frame);
    const key = canonicalJson({ pixels, bounds });
    const pool =
      pools.get(key) ??
      Array.from({ length: POOL }, (_, index) => {
        return readOnFace({
          patches: randomPatches(pixels, bounds, randomStream(seed, 'layout', pixels, index)),
        });
      });
    pools.set(key, pool);
    return pool;
  };
  const random = Array.from({ length: draws }, (_, draw) => {
    const stream = randomStream(seed, 'draw', draw);
    const drawn = runs.map(({ genomes, bounds }) =>
      genomes.map((genome) => stream.pick(poolOf(genome, bounds))),
    );
    return meanOf(pairsOf(drawn.map((layouts, run) => mapOf(layouts, runs[run].weights))));
  });
  const found = meanOf(pairs);
  const chance = levelOf(random.map(({ spearman }) => spearman ?? 0));
  return {
    score: found.spearman === null ? null : (found.spearman - chance.mean) / (1 - chance.mean),
    ...found,
    pairs,
    random: { draws, spearman: chance, overlap: levelOf(random.map(({ overlap }) => overlap)) },
  };
}

/** Maps the weighted share of genomes that read each pixel. @param counts how often each genome reads each pixel */
function mapOf(counts: readonly Float64Array[], weights: readonly number[]): RankedMap {
  return rankValues(sharesOf(counts, weights));
}

function pairsOf(maps: readonly RankedMap[]): Consistency['pairs'] {
  return maps.flatMap((map, second) =>
    maps.slice(0, second).map((other, first) => ({ first, second, ...agreementOf(other, map) })),
  );
}

function meanOf(pairs: readonly Agreement[]): Agreement {
  const known = pairs.flatMap(({ spearman }) => (spearman === null ? [] : [spearman]));
  return {
    spearman: known.length === 0 ? null : mean(known),
    overlap: mean(pairs.map(({ overlap }) => overlap)),
  };
}

function levelOf(values: readonly number[]): ChanceLevel {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  return { mean: mean(values), interval95: [at(0.025), at(0.975)], percentile99: at(0.99) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function checkRuns(runs: readonly Required<BoundedRun>[]): void {
  const refuse = (problem: string, given: unknown) => {
    throw new EvopatchError('INVALID_OPTION', problem, { option: 'runs', given });
  };
  if (runs.length < 2) refuse('consistency needs at least two runs', runs.length);
  const frames = new Set(runs.map(({ bounds }) => canonicalJson(bounds.frame)));
  if (frames.size > 1) refuse('the runs have different face frames', frames.size);
  for (const { genomes, weights } of runs) {
    if (genomes.length === 0) refuse('each run must have at least one genome', 0);
    if (
      weights.length !== genomes.length ||
      !weights.every((weight) => weight >= 0) ||
      Math.max(...weights) <= 0
    ) {
      refuse('there must be one weight for each genome, none negative and not all 0', weights);
    }
  }
}
