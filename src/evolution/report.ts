import { coveredPixels, summarizeGenome } from '../genome/canonical.ts';
import type { Engine } from '../nn/engine.ts';
import type { Individual } from './nsga2.ts';
import { objectivesOf } from './nsga2.ts';
import type { EvolveSettings } from './options.ts';
import type { BestGenome, EvolutionReport, Finalist, RankedGenome } from './result.ts';
import { BEST_MODEL } from './run-folder.ts';
import { rankAndCrowding } from './selection.ts';
import type { RunSplits } from './splits.ts';

/** The last population with its ranks, best first. */
export function rankedGenomes(
  population: readonly Individual[],
  { bounds }: Pick<EvolveSettings, 'bounds'>,
): RankedGenome[] {
  const standings = rankAndCrowding(population.map(objectivesOf));
  return population.map(({ genome, hash, loss, accuracy, parameters, macs }, index) => ({
    genome,
    hash,
    summary: summarizeGenome(genome),
    rank: standings[index].rank,
    loss,
    accuracy,
    parameters,
    macs,
    coveredPixels: coveredPixels(genome, bounds.frame),
  }));
}

/**
 * The chosen finalist; where none was trained in full, the genome of the least loss.
 *
 * @param population not empty
 */
export function bestGenome(
  chosen: Finalist | undefined,
  population: readonly RankedGenome[],
  hasFolder: boolean,
): BestGenome {
  if (chosen !== undefined) {
    const { network: _, ...best } = chosen;
    return { ...best, model: hasFolder ? BEST_MODEL : null };
  }
  const {
    rank: _rank,
    loss: _loss,
    accuracy: _accuracy,
    ...best
  } = population.toSorted((a, b) => a.loss - b.loss)[0];
  return {
    ...best,
    validationLoss: null,
    validationAccuracy: null,
    interval95: null,
    difference: null,
    model: null,
  };
}

/** The parts of a report that are known before anything is evolved. */
export function reportHeader(
  { seed, dataset }: EvolveSettings,
  engine: Engine,
  splits: RunSplits,
): Pick<EvolutionReport, 'format' | 'seed' | 'engine' | 'numerics' | 'dataset'> {
  return {
    format: 1,
    seed,
    engine: engine.name,
    numerics: engine.numerics,
    dataset: {
      name: dataset.name,
      hash: dataset.hash,
      classes: dataset.classes,
      training: splits.training.length,
      validation: splits.validation.length,
    },
  };
}
