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

/**
 * Finds samples with identical frames: brings those with the same hash of their pixels together, then compares byte by byte. Takes
 * eight bytes a sample.
 */
export function findDuplicates(dataset: Dataset): Duplicates {
  const { count, frame, frames } = dataset;
  const bytes = frame.size * frame.size;
  const frameOf = (sample: number) => frames.subarray(sample * bytes, (sample + 1) * bytes);
  const hashes = new Uint32Array(count);
  for (let sample = 0; sample < count; sample++) hashes[sample] = fnv1a(frameOf(sample));
  const order = new Uint32Array(count).map((_, i) => i).sort((a, b) => hashes[a] - hashes[b] || a - b);
  const found: number[][] = [];
  for (let first = 0, end = 0; first < count; first = end) {
    while (end < count && hashes[order[end]] === hashes[order[first]]) end++;
    if (end - first > 1) found.push(...identical(order.subarray(first, end), frameOf));
  }
  const groups = found.sort(([a], [b]) => a - b).map((samples) => describe(dataset, samples));
  return {
    groups,
    acrossSplits: groups.filter(({ splits }) => splits.length > 1),
    conflicting: groups.filter(({ labels }) => labels.length > 1),
  };
}

/** Divides samples into groups of two or more with the same frame. */
function identical(samples: Uint32Array, frameOf: (sample: number) => Uint8Array): number[][] {
  const groups: number[][] = [];
  for (const sample of samples) {
    const twins = groups.find(([first]) => Buffer.compare(frameOf(first), frameOf(sample)) === 0);
    if (twins) twins.push(sample);
    else groups.push([sample]);
  }
  return groups.filter((group) => group.length > 1);
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
  return hash >>> 0;
}
