import { isNotWorse, pairedDifference, proportionInterval } from '../core/comparison.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Evaluation, SuccessfulEvaluation } from '../fitness/evaluation.ts';
import type { Genome } from '../genome/genome.ts';
import { genomeHash } from '../genome/genome-hash.ts';
import { summarizeGenome } from '../genome/summarize.ts';
import { toNetworkSpec } from '../genome/to-network-spec.ts';
import { baselineSpec } from '../genome/whole-face.ts';
import { countPixels, readPixels } from '../network/read-pixels.ts';
import type { NetworkSpec } from '../network/spec.ts';
import type { Teacher } from '../nn/teacher.ts';
import type { Finalist } from '../run/result.ts';
import type { Measurement } from '../search/measurement.ts';
import type { Trainer } from './trainer.ts';

/** Holds a network that was trained in full, with the evaluation behind its measurement. */
export interface Trained<Measured extends Measurement> {
  readonly spec: NetworkSpec;
  readonly measurement: Measured;
  readonly evaluation: SuccessfulEvaluation;
}

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
 * Trains genomes in full and compares them with the baseline.
 *
 * @returns in the order of the genomes, without those that failed or were not trained before the trainer was stopped
 */
export async function trainFinalists(
  trainer: Trainer,
  genomes: readonly Genome[],
  baseline: Trained<Measurement> | null,
  teacher: Teacher | undefined,
): Promise<Trained<Finalist>[]> {
  const { settings } = trainer.parts;
  const candidates = genomes.map((genome) => ({ genome, spec: toNetworkSpec(genome, settings.bounds) }));
  const evaluations = await trainer.trainInFull('final', candidates, teacher);
  const labels = validationLabels(trainer);
  return candidates.flatMap(({ genome, spec }, index): Trained<Finalist>[] => {
    const evaluation = evaluations[index];
    if (evaluation?.status !== 'ok') return [];
    const difference = baseline && compare(evaluation, baseline.evaluation, labels, settings.margin);
    const genomeParts = { genome, hash: genomeHash(genome), summary: summarizeGenome(genome), difference };
    return [{ spec, evaluation, measurement: { ...measurementOf(spec, evaluation), ...genomeParts } }];
  });
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

export function compare(
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
