import { spearman } from '../core/spearman.ts';
import { coveredPixels } from '../genome/canonical.ts';
import type { Genome } from '../genome/genome.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import { lossModel } from '../search/surrogate/expectation.ts';
import { featuresOf } from '../search/surrogate/features.ts';

/** A fitness training of a recorded search, as its history tells of it. */
export interface RecordedTraining {
  readonly generation: number;
  readonly rung: number;
  readonly network: string;
  readonly genome: Genome;
  readonly loss: number;
  readonly parameters: number;
  readonly macs: number;
}

/** How well the losses of one generation were foretold: rank correlations with what was measured. */
export interface Foresight {
  readonly generation: number;
  readonly genomes: number;
  /** By the surrogate, fitted to the generations before. */
  readonly surrogate: number | null;
  /**
   * The same of what network size does not explain: the partial rank correlation given the parameters (Kendall & Stuart
   * 1973, chapter 27).
   */
  readonly surrogateBeyondSize: number | null;
  /** By taking the genome that reads more pixels for the better one. */
  readonly pixels: number | null;
  /** By taking the larger network for the better one. */
  readonly parameters: number | null;
}

/**
 * Replays a search: before each generation the surrogate is fitted to all that was trained until then, and foretells the
 * loss of each new genome on the first rung that it was trained to.
 *
 * @param trainings of one search, without repeats and failures
 * @returns the generations before which enough was known
 */
export function surrogateForesight(
  trainings: readonly RecordedTraining[],
  frame: FrameGeometry,
): Foresight[] {
  const known = trainings.map((training) => ({
    ...training,
    observation: {
      features: featuresOf(training.genome, training, frame),
      losses: [...new Array<null>(training.rung).fill(null), training.loss],
    },
  }));
  const generations = [...new Set(known.map(({ generation }) => generation))].sort((a, b) => a - b);
  return generations.flatMap((generation): Foresight[] => {
    const earlier = known.filter((training) => training.generation < generation);
    const lossAt = lossModel(earlier.map(({ observation }) => observation));
    if (lossAt === undefined) return [];
    const met = new Set(earlier.map(({ network }) => network));
    const first = new Map<string, (typeof known)[number]>();
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
function partialSpearman(
  a: readonly number[],
  b: readonly number[],
  given: readonly number[],
): number | null {
  const [ab, ag, bg] = [spearman(a, b), spearman(a, given), spearman(b, given)];
  if (ab === null || ag === null || bg === null) return null;
  const rest = (1 - ag * ag) * (1 - bg * bg);
  return rest > 0 ? (ab - ag * bg) / Math.sqrt(rest) : null;
}
