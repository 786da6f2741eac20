import { rankCorrelation, ranksOf } from '../core/spearman.ts';
import type { FaceGrid, FrameGeometry } from '../landmarks/frame-geometry.ts';
import { valuesOnFace } from './heat.ts';

/** Measures how much two maps agree over the pixels of the face. */
export interface Agreement {
  /**
   * Spearman's rank correlation of the two maps' values, −1 to 1; at 0 neither map predicts the other. `null` if one of
   * the maps is constant.
   */
  readonly spearman: number | null;
  /**
   * Intersection over union, 0 to 1: the sum of each pixel's smaller value over the sum of its larger value (Jaccard
   * 1912, "The distribution of the flora in the alpine zone", for binary maps; Ružička 1958 for non-negative ones).
   */
  readonly overlap: number;
}

/** Holds a map on the face with the ranks of its values, so that many comparisons rank it only once. */
export interface RankedMap {
  readonly values: Float64Array;
  readonly ranks: readonly number[];
}

export function rankMap({ values }: FaceGrid, frame: FrameGeometry): RankedMap {
  return rankValues(valuesOnFace(values, frame));
}

/** @param values of the pixels on the face alone */
export function rankValues(values: Float64Array): RankedMap {
  return { values, ranks: ranksOf(values) };
}

export function agreementOf(first: RankedMap, second: RankedMap): Agreement {
  let common = 0;
  let all = 0;
  for (let pixel = 0; pixel < first.values.length; pixel++) {
    common += Math.min(first.values[pixel], second.values[pixel]);
    all += Math.max(first.values[pixel], second.values[pixel]);
  }
  return {
    spearman: rankCorrelation(first.ranks, second.ranks),
    overlap: all === 0 ? 1 : common / all, // two empty maps are the same
  };
}
