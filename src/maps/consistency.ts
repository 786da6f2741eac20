import { canonicalJson } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { randomStream } from '../core/random.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import type { Genome } from '../genome/genome.ts';
import { randomGenome } from '../genome/random.ts';
import { type Agreement, agreementOf, type RankedMap, ranked } from './agreement.ts';
import { patchCounts, sharesOf, valuesOnFace } from './heat.ts';

/** What one run contributes: the genome that it chose, or several with their weights. */
export interface WeightedGenomes {
  readonly genomes: readonly Genome[];
  /** One for each genome, not negative, not all 0. @defaultValue equal ones */
  readonly weights?: readonly number[];
}

/** A run with what its genomes may be, so that random ones can be drawn that are like them. */
export interface BoundedRun extends WeightedGenomes {
  readonly bounds: GenomeBounds;
}

/** What chance alone does: the mean of the draws, and between what 95 % of them lie. */
export interface ChanceLevel {
  readonly mean: number;
  readonly interval95: readonly [number, number];
}

/** How alike the maps of two runs are. */
export interface PairAgreement extends Agreement {
  /** Indices of the runs. */
  readonly first: number;
  readonly second: number;
}

/** Whether different runs look at the same places. Means over all pairs of runs. */
export interface Consistency extends Agreement {
  /**
   * The rank correlation, corrected for chance: (spearman − random) / (1 − random), as Hubert & Arabie 1985, "Comparing
   * partitions", do for other indices of agreement. 1: all runs look at the same pixels; 0: no more alike than random
   * genomes are. `null` where there is no correlation.
   */
  readonly score: number | null;
  readonly pairs: readonly PairAgreement[];
  /**
   * The same for random genomes within the same bounds, as many and of the same weights as each run has. It is not 0:
   * random patches lie in the middle of the face more often than at its edge, and the more genomes a map is of, the more
   * this alone makes maps alike.
   */
  readonly random: { readonly draws: number; readonly spearman: ChanceLevel; readonly overlap: ChanceLevel };
}

export interface ConsistencyOptions {
  /** Two or more, of the same frame. */
  readonly runs: readonly BoundedRun[];
  /** How often the runs are replaced by random genomes. @defaultValue 100 */
  readonly draws?: number;
  /** @defaultValue 'consistency' */
  readonly seed?: string;
}

/** Random genomes that draws are made of; enough for any two draws to differ. */
const POOL = 200;

/**
 * The consistency of runs, or of seeds: how much the maps of where they look agree, and how much those of random genomes
 * would.
 *
 * @throws EvopatchError `INVALID_OPTION` for fewer than two runs, different frames, and weights that do not fit.
 */
export function consistencyOf(options: ConsistencyOptions): Consistency {
  const { draws = 100, seed = 'consistency' } = options;
  const runs = options.runs.map((run) => ({ ...run, weights: run.weights ?? run.genomes.map(() => 1) }));
  checkRuns(runs);
  const { frame } = runs[0].bounds;
  const readOnFace = (genome: Genome) => valuesOnFace(patchCounts(genome, frame), frame);
  const pairs = pairsOf(runs.map(({ genomes, weights }) => mapOf(genomes.map(readOnFace), weights)));
  const pools = new Map<string, Float64Array[]>();
  const poolOf = (bounds: GenomeBounds) => {
    const key = canonicalJson(bounds);
    const pool =
      pools.get(key) ??
      Array.from({ length: POOL }, (_, index) => {
        return readOnFace(randomGenome(bounds, randomStream(seed, 'genome', index)));
      });
    pools.set(key, pool);
    return pool;
  };
  const random = Array.from({ length: draws }, (_, draw) => {
    const stream = randomStream(seed, 'draw', draw);
    const drawn = runs.map(({ weights, bounds }) => weights.map(() => stream.pick(poolOf(bounds))));
    return meanOf(pairsOf(drawn.map((genomes, run) => mapOf(genomes, runs[run].weights))));
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

/** The weighted share of genomes that read each pixel. @param counts of each genome, how often it reads a pixel */
function mapOf(counts: readonly Float64Array[], weights: readonly number[]): RankedMap {
  return ranked(sharesOf(counts, weights));
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
  return { mean: mean(values), interval95: [at(0.025), at(0.975)] };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function checkRuns(runs: readonly Required<BoundedRun>[]): void {
  const refuse = (problem: string, given: unknown) => {
    throw new EvopatchError('INVALID_OPTION', problem, { option: 'runs', given });
  };
  if (runs.length < 2) refuse('it takes two runs to be consistent', runs.length);
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
