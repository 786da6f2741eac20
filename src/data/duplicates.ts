import { type Dataset, SPLITS, type Split } from './dataset.ts';

/** Samples with the same frame, pixel by pixel. */
export interface DuplicateGroup {
  /** Two or more sample numbers, ascending. */
  readonly samples: readonly number[];
  /** The splits that they lie in, each once. */
  readonly splits: readonly Split[];
  /** The labels that they bear, each once, ascending. */
  readonly labels: readonly number[];
}

export interface Duplicates {
  /** All groups, by their first sample. */
  readonly groups: readonly DuplicateGroup[];
  /** Those with samples in more than one split: what is learnt from one half is asked in the other. */
  readonly acrossSplits: readonly DuplicateGroup[];
  /** Those with more than one label. */
  readonly conflicting: readonly DuplicateGroup[];
}

/** Finds samples with identical frames: sorted into buckets by a hash of their pixels, then compared byte by byte. */
export function findDuplicates(dataset: Dataset): Duplicates {
  const bytes = dataset.frame.size * dataset.frame.size;
  const frames = Array.from({ length: dataset.count }, (_, i) =>
    dataset.frames.subarray(i * bytes, (i + 1) * bytes),
  );
  const buckets = new Map<number, number[][]>();
  for (const [sample, frame] of frames.entries()) {
    const hash = fnv1a(frame);
    const bucket = buckets.get(hash) ?? [];
    const twins = bucket.find(([first]) => Buffer.compare(frames[first], frame) === 0);
    if (twins) twins.push(sample);
    else bucket.push([sample]);
    buckets.set(hash, bucket);
  }
  const groups = [...buckets.values()]
    .flat()
    .filter((samples) => samples.length > 1)
    .sort(([a], [b]) => a - b)
    .map((samples) => describe(dataset, samples));
  return {
    groups,
    acrossSplits: groups.filter(({ splits }) => splits.length > 1),
    conflicting: groups.filter(({ labels }) => labels.length > 1),
  };
}

/**
 * Of some samples those whose picture, pixel by pixel, none of the measured samples shows.
 *
 * @param groups those of the data set that the numbers belong to
 */
export function withoutCopies(
  groups: readonly DuplicateGroup[],
  samples: Uint32Array,
  measured: Uint32Array,
): Uint32Array {
  const asked = new Set(measured);
  const shown = groups.filter((group) => group.samples.some((sample) => asked.has(sample)));
  const copies = new Set(shown.flatMap((group) => group.samples));
  return samples.filter((sample) => !copies.has(sample));
}

function describe(dataset: Dataset, samples: readonly number[]): DuplicateGroup {
  return {
    samples,
    splits: SPLITS.filter((_, split) => samples.some((i) => dataset.splits[i] === split)),
    labels: [...new Set(samples.map((i) => dataset.labels[i]))].sort((a, b) => a - b),
  };
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo). */
function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash;
}
