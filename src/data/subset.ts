import type { Dataset } from './dataset.ts';
import { hashOf } from './dataset-builder.ts';

/**
 * Some samples of a data set as one of their own, in shared memory too.
 *
 * @param indices sample numbers, ascending
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
  for (const [place, sample] of indices.entries()) {
    part.frames.set(frames.subarray(sample * bytes, (sample + 1) * bytes), place * bytes);
    part.labels[place] = labels[sample];
    part.splits[place] = splits[sample];
  }
  return { ...part, hash: hashOf(part) };
}

function pickedFrom(values: Int32Array, indices: Uint32Array): Int32Array {
  const picked = new Int32Array(new SharedArrayBuffer(4 * indices.length));
  for (const [place, sample] of indices.entries()) picked[place] = values[sample];
  return picked;
}
