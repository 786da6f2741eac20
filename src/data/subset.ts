import type { Dataset } from './dataset.ts';
import { hashOf } from './dataset-builder.ts';

/**
 * Some samples of a data set as one of their own, in shared memory too.
 *
 * @param indices sample numbers, ascending
 */
export function subsetOf(dataset: Dataset, indices: Uint32Array): Dataset {
  const { frames, labels, splits, subjects, frame } = dataset;
  const bytes = frame.size * frame.size;
  const count = indices.length;
  const part = {
    ...dataset,
    name: `${dataset.name}, ${count} of ${dataset.count}`,
    count,
    frames: new Uint8Array(new SharedArrayBuffer(count * bytes)),
    labels: new Uint8Array(new SharedArrayBuffer(count)),
    splits: new Uint8Array(new SharedArrayBuffer(count)),
    ...(subjects && { subjects: new Int32Array(new SharedArrayBuffer(4 * count)) }),
  };
  for (const [place, sample] of indices.entries()) {
    part.frames.set(frames.subarray(sample * bytes, (sample + 1) * bytes), place * bytes);
    part.labels[place] = labels[sample];
    part.splits[place] = splits[sample];
    if (subjects !== undefined && part.subjects !== undefined) part.subjects[place] = subjects[sample];
  }
  return { ...part, hash: hashOf(part) };
}
