import { log } from '../core/portable-math.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeHash } from '../genome/genome-hash.ts';
import { coveredPixels } from '../genome/patches.ts';
import { smallerGenomes, withLeanerNetworks, withoutEachPatch } from '../genome/smaller-genomes.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { parameterCount } from '../network/describe.ts';
import type { Finalist } from '../run/result.ts';
import { type Choice, chooseBest } from './choose-best.ts';
import type { Trained } from './finals.ts';
import type { Trainer } from './trainer.ts';

/** Rounds of shrinking, and genomes that each of them trains in full. */
const ROUNDS = 8;
const PER_ROUND = 2;
/** The rounds end once full trainings here have taken this share of the finalists' work, so that large data stays quick. */
const MAXIMUM_WORK = 1 / 2;
/** Rises of the loss below this are noise, nats. */
const NEGLIGIBLE_RISE = 0.002;

type TrainFully = (genomes: readonly Genome[]) => Promise<readonly Trained<Finalist>[]>;

/**
 * Looks for a smaller genome that holds, beginning with the chosen finalist. First trains leaner networks on its patches, since
 * they cost little. Then each round lists the genomes that are one step smaller, orders them by their loss in short trainings,
 * and trains the two most promising in full; it continues from the new choice, and ends when neither is chosen. Finally leaves
 * out each patch of the choice in turn, so that no result has a patch that could go. Does nothing if accuracy alone is preferred.
 *
 * @param finalists trained in full
 * @param train trains genomes in full
 * @returns the finalists and all that were trained here
 */
export async function shrinkBest(
  trainer: Trainer,
  finalists: readonly Trained<Finalist>[],
  choice: Choice,
  train: TrainFully,
): Promise<Trained<Finalist>[]> {
  const { bounds } = trainer.parts.settings;
  const all = [...finalists];
  const tried = new Set(all.map(({ measurement }) => measurement.hash));
  const chosen = () => chooseBest(all, choice)?.measurement;
  /** Trains those genomes that are new, and says whether one of them is the new choice. */
  const improve = async (genomes: readonly Genome[]): Promise<boolean> => {
    const before = chosen();
    const untried = genomes.filter((genome) => !tried.has(genomeHash(genome)));
    for (const genome of untried) tried.add(genomeHash(genome));
    if (untried.length > 0) {
      trainer.noteUnplanned(untried.length);
      all.push(...(await train(untried)));
    }
    return chosen() !== before;
  };

  const workOf = (trained: readonly Trained<Finalist>[]) => {
    return trained.reduce((sum, { measurement }) => sum + measurement.macs, 0);
  };
  const workLimit = (1 + MAXIMUM_WORK) * workOf(finalists);

  let start = choice.prefer === 'accurate' || trainer.stopped ? undefined : chosen();
  if (start !== undefined && (await improve(withLeanerNetworks(start.genome, bounds)))) start = chosen();
  for (let round = 0; round < ROUNDS && start !== undefined && workOf(all) < workLimit; round++) {
    const smaller = smallerGenomes(start.genome, bounds).filter((genome) => !tried.has(genomeHash(genome)));
    const ordered = await byPromise(trainer, start.genome, smaller, round);
    if (!(await improve(ordered.slice(0, PER_ROUND)))) break;
    start = chosen();
  }
  while (start !== undefined && (await improve(withoutEachPatch(chosen()?.genome ?? start.genome, bounds))));
  return all;
}

/**
 * Orders genomes by how little their loss rises in a short training, for what they save of the logarithm of pixels ×
 * parameters. Leaves out those that save nothing or failed.
 */
async function byPromise(
  trainer: Trainer,
  from: Genome,
  genomes: readonly Genome[],
  round: number,
): Promise<Genome[]> {
  const { bounds, topRung } = trainer.parts.settings;
  const logSize = (genome: Genome) => {
    return log(parameterCount(toNetworkSpec(genome, bounds)) * coveredPixels(genome, bounds.frame));
  };
  const evaluations = await trainer.trainForFitness(
    [from, ...genomes].map((genome) => ({ genome })),
    { purpose: 'shrinking', generation: round, rung: Math.max(0, topRung - 1), repeat: 0 },
  );
  const [loss, ...losses] = evaluations.map((one) => (one?.status === 'ok' ? one.loss : Number.NaN));
  return genomes
    .map((genome, index) => {
      const rise = Math.max(0, losses[index] - loss) + NEGLIGIBLE_RISE;
      return { genome, price: rise / (logSize(from) - logSize(genome)) };
    })
    .filter(({ price }) => price > 0 && Number.isFinite(price))
    .sort((a, b) => a.price - b.price)
    .map(({ genome }) => genome);
}
