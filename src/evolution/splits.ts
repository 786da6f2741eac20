import { EvopatchError } from '../core/errors.ts';
import { type Dataset, indicesOf } from '../data/dataset.ts';
import { findDuplicates, withoutCopies } from '../data/duplicates.ts';
import { stratifiedSplit } from '../data/splits.ts';
import { requireDividedFaces, requireTrainingFaces } from '../fitness/enough-faces.ts';
import { LANES } from '../nn/layout.ts';
import { fittingBatch } from '../nn/training-config.ts';
import { INNER_SHARE } from '../options/budgets.ts';
import type { EvolveSettings } from '../options/evolve-options.ts';

/** Which samples a run uses for what. All arrays lie on SharedArrayBuffers. */
export interface RunSplits {
  /** What a fitness evaluation trains on, for each rung, the last the largest; each holds the one before. */
  readonly fitnessRungs: readonly Uint32Array[];
  /** What it is measured on; like those a part of `training`, and none of theirs. */
  readonly fitnessValidation: Uint32Array;
  /** The finalists, the baseline and the control train on the one and are measured on the other. */
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
  /** Samples of a training step, fewer than the settings ask for where the rows do not fill one. */
  readonly fitnessBatch: number;
  readonly finalBatch: number;
  /** Training rows that are left out because a validation or test row shows the same picture. */
  readonly copies: number;
}

/**
 * The splits of a run, from the seed alone. Search sees training rows only; validation rows choose among the
 * finalists; test rows are never used. Nothing is trained on a picture that it is measured on: a training row whose
 * frame a measured row has as well, pixel by pixel, is left out, or a memory for pictures would pass for skill.
 *
 * @throws EvopatchError `INVALID_DATA` as `requireTrainingFaces` and `requireDividedFaces`; `INVALID_OPTION` for fewer samples
 * than a training step takes.
 */
export function splitForRun(
  settings: Pick<EvolveSettings, 'dataset' | 'ladder' | 'fitness' | 'final' | 'seed'>,
): RunSplits {
  const { dataset, seed } = settings;
  for (const role of ['fitness', 'final'] as const) {
    const { samples } = settings[role];
    if (samples >= Math.min(LANES, indicesOf(dataset, 'train').length)) continue;
    const data = { option: `${role}.samples`, given: samples };
    throw new EvopatchError('INVALID_OPTION', `must be at least ${LANES}, what a training step takes`, data);
  }
  const { groups } = findDuplicates(dataset);
  const validation = indicesOf(dataset, 'validation');
  const measured = Uint32Array.of(...validation, ...indicesOf(dataset, 'test'));
  const all = indicesOf(dataset, 'train');
  const training = withoutCopies(groups, all, measured);
  const inner = stratifiedSplit(dataset, training, INNER_SHARE, `${seed}/inner split`);
  const first = withoutCopies(groups, inner.first, inner.second);
  requireTrainingFaces(dataset, training, validation);
  requireDividedFaces(dataset, training, { first, second: inner.second });
  const rungs: Uint32Array[] = [];
  for (const { rows } of settings.ladder.toReversed()) {
    rungs.unshift(limited(dataset, rungs[0] ?? first, rows, `${seed}/fitness samples`));
  }
  const finalTraining = limited(dataset, training, settings.final.samples, `${seed}/final samples`);
  return {
    fitnessRungs: rungs.map(shared),
    fitnessValidation: shared(inner.second),
    training: shared(finalTraining),
    validation: shared(validation),
    fitnessBatch: fittingBatch(settings.fitness.batchSize, rungs[0].length),
    finalBatch: fittingBatch(settings.final.batchSize, finalTraining.length),
    copies: all.length - training.length,
  };
}

function limited(dataset: Dataset, indices: Uint32Array, most: number, seed: string): Uint32Array {
  if (indices.length <= most) return indices;
  return stratifiedSplit(dataset, indices, most / indices.length, seed).first;
}

/** A copy that threads see without copying. */
function shared(indices: Uint32Array): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(indices.byteLength));
  copy.set(indices);
  return copy;
}
