import { type Dataset, indicesOf, type Split } from '../data/dataset.ts';

/** Averages the frames of one split: rounded grey levels, [size][size]; mid-grey if the split is empty. */
export function meanFace(dataset: Dataset, split: Split = 'train'): Uint8Array {
  return meanOfFaces(dataset, indicesOf(dataset, split));
}

/** Averages the frames of some samples in the same way. */
export function meanOfFaces(
  dataset: Pick<Dataset, 'frames' | 'frame'>,
  samples: ArrayLike<number> & Iterable<number>,
): Uint8Array {
  const pixels = dataset.frame.size * dataset.frame.size;
  const sums = new Float64Array(pixels);
  for (const sample of samples) {
    const frame = dataset.frames.subarray(sample * pixels, (sample + 1) * pixels);
    for (let pixel = 0; pixel < pixels; pixel++) sums[pixel] += frame[pixel];
  }
  return Uint8Array.from(sums, (sum) => (samples.length > 0 ? Math.round(sum / samples.length) : 128));
}
