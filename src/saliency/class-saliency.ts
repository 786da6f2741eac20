import type { FaceGrid } from '../landmarks/frame-geometry.ts';
import { type SaliencyOptions, saliencyMaps } from './saliency.ts';

/** Shows where a network looks on the faces of one class. */
export interface ClassSaliency {
  readonly class: string;
  readonly samples: number;
  /** The mean absolute value of the faces' maps; all 0 without faces. */
  readonly grid: FaceGrid;
}

export interface MeanSaliency {
  /** The mean absolute value of the maps of all faces. */
  readonly grid: FaceGrid;
  /** Means over the faces whose explained class it is, in the order of the classes. */
  readonly perClass: readonly ClassSaliency[];
}

/**
 * Shows where a network looks on average, over all faces and for each explained class: averages the absolute values of
 * the maps that `saliency` makes, because a pixel that speaks for a class on one face and against it on another matters
 * on both. Maps are not normalised, so faces with larger values count more.
 *
 * @throws EvopatchError as `saliency`.
 */
export async function classSaliency(options: SaliencyOptions): Promise<MeanSaliency> {
  const { classes, frame } = options.dataset;
  const sums = classes.map(() => new Float64Array(frame.size * frame.size));
  const counts = classes.map(() => 0);
  for await (const { class: label, grid } of saliencyMaps(options)) {
    counts[label]++;
    for (const [pixel, value] of grid.values.entries()) sums[label][pixel] += Math.abs(value);
  }
  const meanOf = (sum: Float64Array, count: number): FaceGrid => ({
    size: frame.size,
    values: sum.map((value) => (count === 0 ? 0 : value / count)),
  });
  const total = sums.reduce((all, sum) => all.map((value, pixel) => value + sum[pixel]));
  return {
    grid: meanOf(total, options.indices.length),
    perClass: classes.map((name, label) => ({
      class: name,
      samples: counts[label],
      grid: meanOf(sums[label], counts[label]),
    })),
  };
}
