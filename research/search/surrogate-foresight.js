import { spearman } from '../../dist/core/spearman.js';
import { coveredPixels } from '../../dist/genome/patches.js';
import { lossModel } from '../../dist/search/surrogate/expectation.js';
import { featuresOf } from '../../dist/search/surrogate/features.js';

/**
 * A fitness training of a recorded search, as its history tells of it.
 *
 * @typedef {object} RecordedTraining
 * @property {number} generation
 * @property {number} rung
 * @property {string} network
 * @property {Genome} genome
 * @property {number} loss
 * @property {number} parameters
 * @property {number} macs
 */

/**
 * How well the losses of one generation were foretold: rank correlations with what was measured.
 *
 * @typedef {object} Foresight
 * @property {number} generation
 * @property {number} genomes
 * @property {number | null} surrogate By the surrogate, fitted to the generations before.
 * @property {number | null} surrogateBeyondSize The same of what network size does not explain: the partial rank correlation given the parameters (Kendall & Stuart
 * 1973, chapter 27).
 * @property {number | null} pixels By taking the genome that reads more pixels for the better one.
 * @property {number | null} parameters By taking the larger network for the better one.
 */

/**
 * Replays a search: before each generation the surrogate is fitted to all that was trained until then, and foretells the
 * loss of each new genome on the first rung that it was trained to.
 *
 * @param trainings of one search, without repeats and failures
 * @returns the generations before which enough was known
 */
export function surrogateForesight(trainings, frame) {
  const known = trainings.map((training) => ({
    ...training,
    observation: {
      features: featuresOf(training.genome, training, frame),
      losses: [...new Array(training.rung).fill(null), training.loss],
    },
  }));
  const generations = [...new Set(known.map(({ generation }) => generation))].sort((a, b) => a - b);
  return generations.flatMap((generation) => {
    const earlier = known.filter((training) => training.generation < generation);
    const lossAt = lossModel(earlier.map(({ observation }) => observation));
    if (lossAt === undefined) return [];
    const met = new Set(earlier.map(({ network }) => network));
    const first = new Map();
    for (const training of known) {
      if (training.generation !== generation || met.has(training.network)) continue;
      const other = first.get(training.network);
      if (other === undefined || training.rung < other.rung) first.set(training.network, training);
    }
    const born = [...first.values()];
    const losses = born.map(({ loss }) => loss);
    const foretold = born.map(({ observation, rung }) => lossAt(observation.features, rung));
    const smallness = born.map(({ parameters }) => -parameters);
    return [
      {
        generation,
        genomes: born.length,
        surrogate: spearman(losses, foretold),
        surrogateBeyondSize: partialSpearman(losses, foretold, smallness),
        pixels: spearman(
          losses,
          born.map(({ genome }) => -coveredPixels(genome, frame)),
        ),
        parameters: spearman(losses, smallness),
      },
    ];
  });
}

/** Rank correlation of two variables given a third; `null` where one of them says nothing. */
function partialSpearman(a, b, given) {
  const [ab, ag, bg] = [spearman(a, b), spearman(a, given), spearman(b, given)];
  if (ab === null || ag === null || bg === null) return null;
  const rest = (1 - ag * ag) * (1 - bg * bg);
  return rest > 0 ? (ab - ag * bg) / Math.sqrt(rest) : null;
}
