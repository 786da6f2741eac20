import { EvopatchError } from '../core/errors.ts';
import { type Dataset, indicesOf } from '../data/dataset.ts';
import { excludeCopies, findDuplicates } from '../data/duplicates.ts';
import { stratifiedSplit } from '../data/splits.ts';
import { requireDividedFaces, requireTrainingFaces } from '../fitness/enough-faces.ts';
import { LANES } from '../nn/layout.ts';
import { limitBatchSize } from '../nn/training-config.ts';
import { INNER_SHARE } from '../options/budgets.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';

/** Divides the samples of a run among its uses. All arrays lie on SharedArrayBuffers. */
export interface RunSplits {
  /** Training samples of a fitness evaluation for each rung; each set includes the one before. */
  readonly fitnessRungs: readonly Uint32Array[];
  /** Samples that measure a fitness evaluation: training rows that no rung trains on. */
  readonly fitnessValidation: Uint32Array;
  /** Samples on which finalists, baseline and controls are trained, and those on which they are measured. */
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
  /** Samples of a training step; fewer than in the settings if the rows do not fill one. */
  readonly fitnessBatch: number;
  readonly finalBatch: number;
  /** Number of training rows left out because a validation or test row shows the same picture. */
  readonly copies: number;
}

/**
 * Splits the samples of a run by its seed alone. The search sees only training rows; validation rows choose among the
 * finalists; test rows are never used. No network trains on a picture that measures it: a training row with the same
 * pixels as a measured row is left out, because memorised pictures would count as skill.
 *
 * @throws EvopatchError `INVALID_DATA` as `requireTrainingFaces` and `requireDividedFaces`; `INVALID_OPTION` for fewer
 * samples than a training step takes.
 */
export function splitForRun(
  settings: Pick<EvolveSettings, 'dataset' | 'ladder' | 'fitness' | 'final' | 'seed'>,
): RunSplits {
  const { dataset, seed } = settings;
  for (const role of ['fitness', 'final'] as const) {
    const { samples } = settings[role];
    if (samples >= Math.min(LANES, indicesOf(dataset, 'train').length)) continue;
    const data = { option: `${role}.samples`, given: samples };
    throw new EvopatchError(
      'INVALID_OPTION',
      `must be at least ${LANES}, the samples of a training step`,
      data,
    );
  }
  const { groups } = findDuplicates(dataset);
  const validation = indicesOf(dataset, 'validation');
  const measured = Uint32Array.from([...validation, ...indicesOf(dataset, 'test')]);
  const all = indicesOf(dataset, 'train');
  const training = excludeCopies(groups, all, measured);
  const inner = stratifiedSplit(dataset, training, INNER_SHARE, `${seed}/inner split`);
  const first = excludeCopies(groups, inner.first, inner.second);
  requireTrainingFaces(dataset, training, validation);
  requireDividedFaces(dataset, training, { first, second: inner.second });
  const rungs: Uint32Array[] = [];
  for (const { rows } of settings.ladder.toReversed()) {
    rungs.unshift(limit(dataset, rungs[0] ?? first, rows, `${seed}/fitness samples`));
  }
  const finalTraining = limit(dataset, training, settings.final.samples, `${seed}/final samples`);
  return {
    fitnessRungs: rungs.map(shareMemory),
    fitnessValidation: shareMemory(inner.second),
    training: shareMemory(finalTraining),
    validation: shareMemory(validation),
    fitnessBatch: limitBatchSize(settings.fitness.batchSize, rungs[0].length),
    finalBatch: limitBatchSize(settings.final.batchSize, finalTraining.length),
    copies: all.length - training.length,
  };
}

function limit(dataset: Dataset, indices: Uint32Array, maximum: number, seed: string): Uint32Array {
  if (indices.length <= maximum) return indices;
  return stratifiedSplit(dataset, indices, maximum / indices.length, seed).first;
}

/** Copies indices to memory that threads share. */
function shareMemory(indices: Uint32Array): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(indices.byteLength));
  copy.set(indices);
  return copy;
}
