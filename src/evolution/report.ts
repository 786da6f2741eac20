import { summarizeGenome } from '../genome/canonical.ts';
import type { Engine } from '../nn/engine.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';
import type { BestGenome, EvolutionReport, Finalist, RankedGenome, ScoredGenome } from '../run/result.ts';
import { BEST_MODEL } from '../run/run-folder.ts';
import { standingsOf } from '../search/samplers/nsga2.ts';
import type { Individual, SearchState } from '../search/search-state.ts';
import { deviationOf } from './search.ts';
import type { RunSplits } from './splits.ts';

/** The last population, best first. */
export function rankedPopulation(
  state: SearchState,
  settings: Pick<EvolveSettings, 'bounds' | 'objectives'>,
): RankedGenome[] {
  const standings = standingsOf(state.population, state, settings);
  return state.population.map((individual, index) => ({
    ...scoredGenome(individual),
    rank: standings[index].rank,
  }));
}

/** A genome with its scores, without what only the search needs. */
export function scoredGenome({
  genome,
  hash,
  rung,
  losses,
  loss,
  accuracy,
  parameters,
  macs,
  pixels: coveredPixels,
}: Individual): ScoredGenome {
  const summary = summarizeGenome(genome);
  const deviation = deviationOf(losses);
  return { genome, hash, summary, rung, loss, deviation, accuracy, parameters, macs, coveredPixels };
}

/**
 * The chosen finalist; where none was trained in full, the genome of the least loss.
 *
 * @param front not empty, the most exact first
 */
export function bestGenome(
  chosen: Finalist | undefined,
  front: readonly ScoredGenome[],
  hasFolder: boolean,
): BestGenome {
  if (chosen !== undefined) {
    const { network: _, ...best } = chosen;
    return { ...best, model: hasFolder ? BEST_MODEL : null };
  }
  const [{ loss: _loss, deviation: _deviation, rung: _rung, accuracy: _accuracy, ...best }] = front;
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
  { seed, dataset, margin, fitness, final }: EvolveSettings,
  engine: Engine,
  splits: RunSplits,
): Pick<EvolutionReport, 'format' | 'seed' | 'engine' | 'numerics' | 'margin' | 'dataset' | 'batchSizes'> {
  const { fitnessBatch, finalBatch } = splits;
  const isSmaller = fitnessBatch < fitness.batchSize || finalBatch < final.batchSize;
  return {
    format: 1,
    seed,
    engine: engine.name,
    numerics: engine.numerics,
    margin,
    ...(isSmaller && { batchSizes: { fitness: fitnessBatch, final: finalBatch } }),
    dataset: {
      name: dataset.name,
      hash: dataset.hash,
      classes: dataset.classes,
      frame: dataset.frame,
      align: dataset.align,
      training: splits.training.length,
      validation: splits.validation.length,
      copies: splits.copies,
    },
  };
}
