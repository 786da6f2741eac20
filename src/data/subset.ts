import type { Dataset } from './dataset.ts';
import { hashOf } from './dataset-builder.ts';

/**
 * Copies some samples of a data set to a data set of their own, in shared memory too.
 *
 * @param indices sample indices, ascending
 */
export function subsetOf(dataset: Dataset, indices: Uint32Array): Dataset {
  const { frames, labels, splits, subjects, groups, frame } = dataset;
  const bytes = frame.size * frame.size;
  const count = indices.length;
  const part = {
    ...dataset,
    name: `${dataset.name}, ${count} of ${dataset.count}`,
    count,
    frames: new Uint8Array(new SharedArrayBuffer(count * bytes)),
    labels: new Uint8Array(new SharedArrayBuffer(count)),
    splits: new Uint8Array(new SharedArrayBuffer(count)),
    ...(subjects && { subjects: pickedFrom(subjects, indices) }),
    ...(groups && {
      groups: new Map(
        [...groups].map(([column, { values, of }]) => [column, { values, of: pickedFrom(of, indices) }]),
      ),
    }),
  };
  for (const [index, sample] of indices.entries()) {
    part.frames.set(frames.subarray(sample * bytes, (sample + 1) * bytes), index * bytes);
    part.labels[index] = labels[sample];
    part.splits[index] = splits[sample];
  }
  return { ...part, hash: hashOf(part) };
}

function pickedFrom(values: Int32Array, indices: Uint32Array): Int32Array {
  const picked = new Int32Array(new SharedArrayBuffer(4 * indices.length));
  for (const [index, sample] of indices.entries()) picked[index] = values[sample];
  return picked;
}
