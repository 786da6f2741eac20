import { type Dataset, indicesOf, type Split } from '../data/dataset.ts';

/**
 * The mean frame of one split, grey levels rounded to whole numbers, [size][size]. Mid-grey where the split is empty.
 */
export function meanFace(dataset: Dataset, split: Split = 'train'): Uint8Array {
  return meanOfFaces(dataset, indicesOf(dataset, split));
}

/** The mean frame of some samples, likewise. */
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
