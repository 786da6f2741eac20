import { EvopatchError } from '../core/errors.ts';
import { type Dataset, indicesOf, SPLITS } from '../data/dataset.ts';
import { findDuplicates } from '../data/duplicates.ts';
import { stratifiedSplit } from '../data/splits.ts';
import { INNER_SHARE } from './budgets.ts';
import type { EvolveSettings } from './options.ts';

/** Which samples a run uses for what. All arrays lie on SharedArrayBuffers. */
export interface RunSplits {
  /** What a fitness evaluation trains on, for each rung, the last the largest; each holds the one before. */
  readonly fitnessRungs: readonly Uint32Array[];
  /** What it is measured on; like those a part of `training`, and none of theirs. */
  readonly fitnessValidation: Uint32Array;
  /** The finalists, the baseline and the control train on the one and are measured on the other. */
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
  /** Which validation rows show a picture that no training row shows, by place in `validation`. */
  readonly unseen: readonly boolean[];
}

/**
 * The splits of a run, from the seed alone. Search sees training rows only; validation rows choose among the
 * finalists; test rows are never used.
 */
export function splitForRun(
  settings: Pick<EvolveSettings, 'dataset' | 'ladder' | 'final' | 'seed'>,
): RunSplits {
  const { dataset, seed } = settings;
  const training = indicesOf(dataset, 'train');
  const inner = stratifiedSplit(dataset, training, INNER_SHARE, `${seed}/inner split`);
  const splits = {
    fitnessTraining: inner.first,
    fitnessValidation: inner.second,
    training: limited(dataset, training, settings.final.samples, `${seed}/final samples`),
    validation: indicesOf(dataset, 'validation'),
  };
  for (const [role, indices] of Object.entries(splits)) {
    if (indices.length > 0) continue;
    throw new EvopatchError('INVALID_DATA', `the data set '${dataset.name}' has too few rows for ${role}`, {
      option: 'dataset',
      given: dataset.count,
    });
  }
  const rungs: Uint32Array[] = [];
  for (const { rows } of settings.ladder.toReversed()) {
    rungs.unshift(limited(dataset, rungs[0] ?? splits.fitnessTraining, rows, `${seed}/fitness samples`));
  }
  return {
    fitnessRungs: rungs.map(shared),
    fitnessValidation: shared(splits.fitnessValidation),
    training: shared(splits.training),
    validation: shared(splits.validation),
    unseen: unseenRows(dataset, splits.validation),
  };
}

/** Which validation rows show a picture that no training row shows, by place in `validation`. */
export function unseenRows(dataset: Dataset, validation: Uint32Array): boolean[] {
  const train = SPLITS.indexOf('train');
  const leaked = findDuplicates(dataset)
    .acrossSplits.filter(({ samples }) => samples.some((sample) => dataset.splits[sample] === train))
    .flatMap(({ samples }) => samples);
  const seen = new Set(leaked);
  return Array.from(validation, (sample) => !seen.has(sample));
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
