import { EvopatchError } from '../core/errors.ts';
import { randomStream } from '../core/random.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import type { Genome } from '../genome/genome.ts';
import { randomGenome } from '../genome/random.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { type Agreement, agreementOf, type RankedMap, rankedMap } from './agreement.ts';
import { readingShares } from './heat.ts';

/** What one run contributes: the genome that it chose, or several with their weights. */
export interface WeightedGenomes {
  readonly genomes: readonly Genome[];
  /** One for each genome, not negative, not all 0. @defaultValue equal ones */
  readonly weights?: readonly number[];
}

/** What chance alone does: the mean of the draws, and between what 95 % of them lie. */
export interface ChanceLevel {
  readonly mean: number;
  readonly interval95: readonly [number, number];
}

/** Whether different runs look at the same places. Means over all pairs of runs. */
export interface Consistency extends Agreement {
  readonly pairs: readonly (Agreement & { readonly first: number; readonly second: number })[];
  /**
   * The same for random genomes within the same bounds, as many and of the same weights as each run has. It is not 0:
   * random patches lie in the middle of the face more often than at its edge, and the more genomes a map is of, the more
   * this alone makes maps alike.
   */
  readonly random: { readonly draws: number; readonly spearman: ChanceLevel; readonly overlap: ChanceLevel };
}

export interface ConsistencyOptions {
  /** Two or more. */
  readonly runs: readonly WeightedGenomes[];
  /** What genomes of these runs may be. */
  readonly bounds: GenomeBounds;
  /** How often the runs are replaced by random genomes. @defaultValue 100 */
  readonly draws?: number;
  /** @defaultValue 'consistency' */
  readonly seed?: string;
}

/** Random genomes that draws are made of; enough for any two draws to be different ones. */
const POOL = 400;

/**
 * The consistency of runs, or of seeds: how much the maps of where they look agree, and how much those of random genomes
 * would.
 *
 * @throws EvopatchError `INVALID_OPTION` for fewer than two runs, and where weights do not fit.
 */
export function consistencyOf(options: ConsistencyOptions): Consistency {
  const { bounds, draws = 100, seed = 'consistency' } = options;
  const runs = options.runs.map(({ genomes, weights = genomes.map(() => 1) }) => ({ genomes, weights }));
  checkRuns(runs);
  const pairs = pairsOf(runs.map(({ genomes, weights }) => mapOf(genomes, weights, bounds.frame)));
  const pool = Array.from({ length: POOL }, (_, index) => randomGenome(bounds, randomStream(seed, index)));
  const random = Array.from({ length: draws }, (_, draw) => {
    const stream = randomStream(seed, 'draw', draw);
    const maps = runs.map(({ weights }) => {
      return mapOf(
        weights.map(() => stream.pick(pool)),
        weights,
        bounds.frame,
      );
    });
    return meanOf(pairsOf(maps));
  });
  return {
    ...meanOf(pairs),
    pairs,
    random: {
      draws,
      spearman: levelOf(random.map(({ spearman }) => spearman ?? 0)),
      overlap: levelOf(random.map(({ overlap }) => overlap)),
    },
  };
}

function mapOf(genomes: readonly Genome[], weights: readonly number[], frame: FrameGeometry): RankedMap {
  return rankedMap({ size: frame.size, values: readingShares(genomes, weights, frame) }, frame);
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

function checkRuns(runs: readonly Required<WeightedGenomes>[]): void {
  const refuse = (problem: string, given: unknown) => {
    throw new EvopatchError('INVALID_OPTION', problem, { option: 'runs', given });
  };
  if (runs.length < 2) refuse('it takes two runs to be consistent', runs.length);
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
