import { type Dataset, SPLITS, type Split } from './dataset.ts';

/** Samples with the same frame, pixel by pixel. */
export interface DuplicateGroup {
  /** Two or more sample indices, ascending. */
  readonly samples: readonly number[];
  /** The splits of these samples, each once. */
  readonly splits: readonly Split[];
  /** The labels of these samples, each once, ascending. */
  readonly labels: readonly number[];
}

export interface Duplicates {
  /** All groups, sorted by their first sample. */
  readonly groups: readonly DuplicateGroup[];
  /** Groups with samples in more than one split, which leak from training into measurement. */
  readonly acrossSplits: readonly DuplicateGroup[];
  /** Groups with more than one label. */
  readonly conflicting: readonly DuplicateGroup[];
}

/** Finds samples with identical frames: sorts them into buckets by a hash of their pixels, then compares byte by byte. */
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
 * Filters out the samples that show the same picture, pixel by pixel, as a measured sample.
 *
 * @param groups the duplicates of the data set
 */
export function excludeCopies(
  groups: readonly DuplicateGroup[],
  samples: Uint32Array,
  measured: Uint32Array,
): Uint32Array {
  const measuredSet = new Set(measured);
  const shown = groups.filter((group) => group.samples.some((sample) => measuredSet.has(sample)));
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
