import { summarizeGenome } from '../genome/summarize.ts';
import { standingsOf } from '../search/objectives.ts';
import { deviationOf } from '../search/search-progress.ts';
import type { Individual, SearchSettings, SearchState } from '../search/search-state.ts';
import { RUN_FILES } from './file-names.ts';
import type { BestGenome, Finalist, RankedGenome, ScoredGenome } from './result.ts';

/** The last population, best first. */
export function rankedPopulation(
  state: SearchState,
  settings: Pick<SearchSettings, 'bounds' | 'objectives'>,
): RankedGenome[] {
  const standings = standingsOf(state.population, state, settings);
  return state.population.map((individual, index) => ({
    ...scoredGenome(individual),
    rank: standings[index].rank,
  }));
}

/** A genome with its scores, without the fields that only the search needs. */
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
 * The chosen finalist; where none was trained in full, the genome of the lowest loss.
 *
 * @param front not empty, the lowest loss first
 */
export function bestGenome(
  chosen: Finalist | undefined,
  front: readonly ScoredGenome[],
  hasFolder: boolean,
): BestGenome {
  if (chosen !== undefined) {
    const { network: _, ...best } = chosen;
    return { ...best, model: hasFolder ? RUN_FILES.model : null };
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
