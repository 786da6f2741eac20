import type { Genome } from '../genome/genome.ts';
import { faceSquare, rectanglesOf } from '../genome/patches.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';

/** Counts the patches of a genome that read each pixel, [size][size]; both halves of a pair count. */
export function patchCounts(genome: Pick<Genome, 'patches'>, frame: FrameGeometry): Uint8Array {
  const { size } = frame;
  const counts = new Uint8Array(size * size);
  for (const patch of genome.patches) {
    for (const { x, y, width, height } of rectanglesOf(patch, frame)) {
      const right = Math.min(x + width, size);
      const bottom = Math.min(y + height, size);
      for (let row = Math.max(y, 0); row < bottom; row++) {
        for (let column = Math.max(x, 0); column < right; column++) counts[row * size + column]++;
      }
    }
  }
  return counts;
}

/**
 * Computes the weighted share of the genomes that read each pixel, 0 to 1, [size][size].
 *
 * @param weights one for each genome, not negative, not all 0
 */
export function readingShares(
  genomes: readonly Pick<Genome, 'patches'>[],
  weights: readonly number[],
  frame: FrameGeometry,
): Float64Array {
  const counts = genomes.map((genome) => patchCounts(genome, frame));
  return sharesOf(counts, weights).map((share) => Math.min(share, 1)); // a sum of thirds can pass 1 by rounding
}

/** Adds up the weighted shares of the counts that are not 0. @param counts how often each genome reads each pixel */
export function sharesOf(counts: readonly ArrayLike<number>[], weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = new Float64Array(counts[0].length);
  for (const [index, count] of counts.entries()) {
    const part = weights[index] / total;
    for (let pixel = 0; pixel < shares.length; pixel++) if (count[pixel] > 0) shares[pixel] += part;
  }
  return shares;
}

/** Picks the values of a grid on the face square, row by row. */
export function valuesOnFace(values: ArrayLike<number>, frame: FrameGeometry): Float64Array {
  const { x, y, width, height } = faceSquare(frame);
  const onFace = new Float64Array(width * height);
  for (let pixel = 0; pixel < onFace.length; pixel++) {
    onFace[pixel] = values[(y + Math.floor(pixel / width)) * frame.size + x + (pixel % width)];
  }
  return onFace;
}
