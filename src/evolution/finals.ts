import { isNotWorse, pairedDifference, proportionInterval } from '../core/comparison.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Evaluation, SuccessfulEvaluation } from '../fitness/evaluation.ts';
import type { GenomeBounds } from '../genome/bounds.ts';
import { genomeHash } from '../genome/canonical.ts';
import type { Genome } from '../genome/genome.ts';
import { growNetwork } from '../genome/grow.ts';
import { summarizeGenome } from '../genome/summarize.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { baselineSpec, wholeFaceControl } from '../genome/whole-face.ts';
import { countPixels, readPixels } from '../network/read-pixels.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { Finalist } from '../run/result.ts';
import type { Measurement } from '../search/measurement.ts';
import { usefulFront } from '../search/objectives.ts';
import type { Individual } from '../search/search-state.ts';
import type { Trainer } from './trainer.ts';

/** Holds a network that was trained in full, with the evaluation behind its measurement. */
export interface Trained<Measured extends Measurement> {
  readonly spec: NetworkSpec;
  readonly measurement: Measured;
  readonly evaluation: SuccessfulEvaluation;
}

/** Share of the finalists that get a deep network instead of their own. */
const GROWN_SHARE = 0.6;

/** Maximum parameters of a finalist, as a share of those of the one before it. */
const SIZE_STEP = 0.75;

/**
 * Trains the full-face baseline; returns `null` if the trainer was stopped.
 *
 * @throws EvopatchError `EVALUATION_FAILED`
 */
export async function trainBaseline(trainer: Trainer): Promise<Trained<Measurement> | null> {
  const spec = baselineSpec(trainer.parts.settings.bounds);
  const [evaluation] = await trainer.trainInFull('baseline', [{ spec }]);
  if (evaluation === undefined) return null;
  if (evaluation.status === 'failed') throw failure('the baseline', evaluation);
  const measurement = measurementOf(spec, evaluation);
  trainer.emit({ type: 'baseline', baseline: measurement });
  return { spec, measurement, evaluation };
}

/**
 * Trains the finalists of a search.
 *
 * @returns those with most parameters first, without those that failed or were not trained before the trainer was stopped
 * @throws EvopatchError `EVALUATION_FAILED` if all of them failed.
 */
export async function trainFinalists(
  trainer: Trainer,
  front: readonly Individual[],
  baseline: Trained<Measurement> | null,
  teacher: Teacher | undefined,
): Promise<Trained<Finalist>[]> {
  const { settings } = trainer.parts;
  const picked = pickFinalists(usefulFront(front, settings), settings.finalists, settings.bounds);
  const candidates = picked.map((genome) => ({ genome, spec: toNetworkSpec(genome, settings.bounds) }));
  trainer.note({ finalists: picked.length });
  const evaluations = await trainer.trainInFull('final', candidates, teacher);
  const labels = validationLabels(trainer);
  const finalists = picked.flatMap((genome, index): Trained<Finalist>[] => {
    const evaluation = evaluations[index];
    if (evaluation?.status !== 'ok') return [];
    const { spec } = candidates[index];
    const difference = baseline && compare(evaluation, baseline.evaluation, labels, settings.margin);
    const genomeParts = { genome, hash: genomeHash(genome), summary: summarizeGenome(genome), difference };
    return [
      {
        spec,
        evaluation,
        measurement: { ...measurementOf(spec, evaluation), ...genomeParts },
      },
    ];
  });
  const [first] = evaluations;
  if (finalists.length === 0 && first?.status === 'failed') throw failure('every finalist', first);
  trainer.emit({ type: 'final', finalists: finalists.map(({ measurement }) => measurement) });
  return finalists.sort((a, b) => b.measurement.parameters - a.measurement.parameters);
}

/**
 * Trains the whole face at the best genome's parameters and multiply-accumulates; returns `null` if that failed or the
 * trainer was stopped.
 */
export async function trainControl(
  trainer: Trainer,
  best: Finalist,
  teacher: Teacher | undefined,
): Promise<Measurement | null> {
  const spec = wholeFaceControl(best.genome, trainer.parts.settings.bounds);
  const [evaluation] = await trainer.trainInFull('control', [{ spec }], teacher);
  return evaluation?.status === 'ok' ? measurementOf(spec, evaluation) : null;
}

/**
 * Picks the genomes to train in full. Three in five combine the patches of the most accurate genomes of the front with deep
 * networks, as large as the bounds allow: these learn slowly, so short trainings cannot find them, but long trainings make
 * use of them. The others are members of the front: the most accurate one, then repeatedly the most accurate one of at most
 * three quarters of the last one's parameters, so that they cover the sizes at which a genome may still match the baseline.
 *
 * @param front members that do not dominate each other, the most accurate (and largest) first
 * @returns canonical genomes, those with deep networks first
 */
export function pickFinalists(
  front: readonly Pick<Individual, 'genome' | 'parameters'>[],
  count: number,
  bounds: GenomeBounds,
): Genome[] {
  const picked = new Map<string, Genome>();
  for (const { genome } of front) {
    if (picked.size >= Math.floor(GROWN_SHARE * count)) break;
    const grown = growNetwork(genome, bounds);
    picked.set(genomeHash(grown), grown); // genomes with the same patches and dropout grow to the same one
  }
  let maximum = Number.POSITIVE_INFINITY;
  for (const { genome, parameters } of front) {
    if (picked.size === count) break;
    if (parameters > maximum) continue;
    picked.set(genomeHash(genome), genome);
    maximum = SIZE_STEP * parameters;
  }
  return [...picked.values()];
}

/**
 * Chooses the finalist with the fewest parameters that is not worse than the baseline. If there is none, or no baseline, it
 * chooses the most accurate finalist, and the smallest among equals. The comparisons are not corrected for the number of
 * finalists, and the same rows choose and report, so only the test rows give an unbiased result.
 */
export function chooseBest(finalists: readonly Trained<Finalist>[]): Trained<Finalist> | undefined {
  const notWorse = finalists.filter(({ measurement }) => measurement.difference?.notWorse);
  const accuracyFirst = (a: Finalist, b: Finalist) =>
    b.validationAccuracy - a.validationAccuracy || a.parameters - b.parameters;
  const sizeFirst = (a: Finalist, b: Finalist) => a.parameters - b.parameters || accuracyFirst(a, b);
  const [candidates, order] = notWorse.length > 0 ? [notWorse, sizeFirst] : [finalists, accuracyFirst];
  return candidates.toSorted((a, b) => order(a.measurement, b.measurement))[0];
}

/** Looks up the labels of the validation rows. */
export function validationLabels({ parts: { settings, splits } }: Trainer): Uint8Array {
  return Uint8Array.from(splits.validation, (sample) => settings.dataset.labels[sample]);
}

export function measurementOf(spec: NetworkSpec, evaluation: SuccessfulEvaluation): Measurement {
  return {
    network: spec.name,
    parameters: evaluation.parameters,
    macs: evaluation.macs,
    coveredPixels: countPixels(readPixels(spec)),
    validationLoss: evaluation.loss,
    validationAccuracy: evaluation.accuracy,
    interval95: proportionInterval(evaluation.accuracy, evaluation.predictions.length),
  };
}

function compare(
  candidate: SuccessfulEvaluation,
  reference: SuccessfulEvaluation,
  labels: Uint8Array,
  margin: number,
) {
  const difference = pairedDifference(candidate.predictions, reference.predictions, labels);
  return { ...difference, notWorse: isNotWorse(difference, margin) };
}

function failure(what: string, evaluation: Evaluation & { status: 'failed' }): EvopatchError {
  const problem = `${what} could not be trained: ${evaluation.message}`;
  return new EvopatchError('EVALUATION_FAILED', problem, { given: evaluation.reason });
}
