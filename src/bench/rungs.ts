import { randomStream } from '../core/random.ts';
import { spearman } from '../core/spearman.ts';
import type { Dataset } from '../data/dataset.ts';
import { splitForRun } from '../evolution/splits.ts';
import type { TrainingRequest } from '../fitness/evaluation.ts';
import type { Evaluator } from '../fitness/evaluator.ts';
import { inlineEvaluator } from '../fitness/inline-evaluator.ts';
import { PoolEvaluator } from '../fitness/pool-evaluator.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeHash } from '../genome/genome-hash.ts';
import { sensibleLayouts } from '../genome/layouts.ts';
import { mutateGenome } from '../genome/mutate.ts';
import { randomGenome } from '../genome/random.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { openEngine } from '../nn/engine.ts';
import type { TrainingBudget } from '../options/budgets.ts';
import { type EvolveSettings, parseOptions } from '../options/evolve-options.ts';
import { samplesSeen } from '../search/ladder.ts';

export interface RungsOptions {
  readonly dataset: Dataset;
  /** Each has the splits and genomes of a run of its own. */
  readonly seeds: readonly string[];
  /** Networks per kind and seed. */
  readonly networks: number;
  readonly fitness?: Partial<TrainingBudget>;
  readonly bounds?: Partial<Omit<GenomeBounds, 'frame' | 'classes'>>;
  readonly engine?: string;
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Called after every training. */
  readonly onProgress?: (completed: number, total: number) => void;
}

/** How well one rung ranks networks. */
export interface RungFidelity {
  readonly rung: number;
  /** Rows of the rung's own training. */
  readonly rows: number;
  /** Passes over these rows. */
  readonly epochs: number;
  /** Samples seen up to and including the rung. */
  readonly samplesSeen: number;
  /** Their share of the samples seen up to the top. */
  readonly share: number;
  readonly random: RankCorrelation;
  readonly mutations: RankCorrelation;
}

/** Spearman's correlation of a rung's losses with those of the top rung. */
export interface RankCorrelation {
  /** Mean over the seeds; `null` if no seed has a correlation. */
  readonly mean: number | null;
  readonly perSeed: readonly (number | null)[];
}

export interface RungsReport {
  readonly dataset: string;
  readonly engine: string;
  readonly seeds: readonly string[];
  /** Networks per kind and seed. */
  readonly networks: number;
  /** Networks left out because they failed on a rung. */
  readonly failures: number;
  readonly rungs: readonly RungFidelity[];
}

/** [kind][network][rung]: the losses of the networks that never failed. */
type Losses = Readonly<Record<Kind, readonly (readonly number[])[]>>;
type Kind = 'random' | 'mutations';

/**
 * Measures how faithfully the rungs of a run's ladder rank networks: Spearman's correlation of the loss on each rung with
 * that on the top one, once for random layouts, which differ a lot, and once for mutations of a hand-placed layout, which
 * differ as little as the children of a late generation. Training, rows and seeds are those of a run.
 *
 * @throws EvopatchError `INVALID_OPTION`, `INVALID_DATA`, `ENGINE_UNAVAILABLE`, `ABORTED`
 */
export async function rungsBenchmark(options: RungsOptions): Promise<RungsReport> {
  const { dataset, seeds, networks, fitness, bounds, workers, onProgress } = options;
  const engine = await openEngine(options.engine);
  const exact = `${engine.name}:${engine.variant}`;
  const settingsOf = (seed: string) => parseOptions({ dataset, seed, fitness, bounds, workers });
  const { ladder, timeoutSeconds, retries, ...settings } = settingsOf(seeds[0]);
  const evaluator =
    settings.workers === 0
      ? inlineEvaluator(dataset, engine)
      : new PoolEvaluator({ dataset, engine: exact, workers: settings.workers, timeoutSeconds, retries });
  let completed = 0;
  const total = 2 * seeds.length * networks * ladder.length;
  const onEnd = () => onProgress?.(++completed, total);
  try {
    const bySeed: Losses[] = [];
    for (const seed of seeds) {
      bySeed.push(await lossesOf(settingsOf(seed), evaluator, networks, options.signal, onEnd));
    }
    const measured = bySeed.flatMap(({ random, mutations }) => [...random, ...mutations]).length;
    return {
      dataset: dataset.name,
      engine: exact,
      seeds,
      networks,
      failures: 2 * seeds.length * networks - measured,
      rungs: ladder.map((rung, number) => ({
        rung: number,
        ...rung,
        samplesSeen: samplesSeen(ladder, -1, number),
        share: samplesSeen(ladder, -1, number) / samplesSeen(ladder, -1, ladder.length - 1),
        random: correlationsAt(number, bySeed, 'random'),
        mutations: correlationsAt(number, bySeed, 'mutations'),
      })),
    };
  } finally {
    await evaluator.close();
  }
}

/** Trains both kinds of networks up the whole ladder, each rung continuing from the one below. */
async function lossesOf(
  settings: EvolveSettings,
  evaluator: Evaluator,
  networks: number,
  signal: AbortSignal | undefined,
  onEnd: () => void,
): Promise<Losses> {
  const { bounds, seed, ladder, topRung, fitness } = settings;
  const { samples: _, ...config } = fitness;
  const { fitnessRungs, fitnessValidation: validation, fitnessBatch: batchSize } = splitForRun(settings);
  const stages = ladder.map(({ epochs }, rung) => ({
    training: fitnessRungs[rung],
    config: { ...config, epochs, batchSize },
  }));
  const genomes = [...randomLayouts(networks, settings), ...mutationsOfOne(networks, settings)];
  const networksInTraining = genomes.map((genome) => ({
    spec: toNetworkSpec(genome, bounds),
    losses: [] as number[],
    done: undefined as TrainingRequest['done'],
  }));
  for (let rung = 0; rung <= topRung; rung++) {
    const requests = networksInTraining.map(({ spec, done }) => ({
      spec,
      done,
      stages: stages.slice(0, rung + 1),
      validation,
      seed: `${seed}/fitness`,
      keepWeights: false,
      keepState: rung < topRung,
    }));
    for await (const { index, evaluation } of evaluator.evaluate(requests, { signal })) {
      onEnd();
      const network = networksInTraining[index];
      network.done = undefined;
      if (evaluation.status === 'failed') continue;
      network.losses.push(evaluation.loss);
      if (evaluation.state !== undefined) network.done = { stages: rung + 1, state: evaluation.state };
    }
  }
  const complete = (part: typeof networksInTraining) =>
    part.map(({ losses }) => losses).filter(({ length }) => length === ladder.length);
  return {
    random: complete(networksInTraining.slice(0, networks)),
    mutations: complete(networksInTraining.slice(networks)),
  };
}

function randomLayouts(count: number, { seed, bounds }: EvolveSettings): Genome[] {
  return Array.from({ length: count }, (_, index) => {
    return randomGenome(bounds, randomStream(seed, 'random layout', index));
  });
}

/** Draws distinct children of the first hand-placed layout, each one mutation away. */
function mutationsOfOne(count: number, { seed, bounds }: EvolveSettings): Genome[] {
  const [parent] = sensibleLayouts(bounds);
  const children = new Map<string, Genome>();
  for (let attempt = 0; children.size < count && attempt < 100 * count; attempt++) {
    const { genome } = mutateGenome(parent, bounds, randomStream(seed, 'mutation of one', attempt));
    children.set(genomeHash(genome), genome);
  }
  return [...children.values()];
}

function correlationsAt(rung: number, bySeed: readonly Losses[], kind: Kind): RankCorrelation {
  const perSeed = bySeed.map((losses) => {
    const here = losses[kind].map((one) => one[rung]);
    const top = losses[kind].map((one) => one[one.length - 1]);
    return spearman(here, top);
  });
  const known = perSeed.filter((value) => value !== null);
  const mean = known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  return { mean, perSeed };
}
