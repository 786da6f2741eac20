import type { Genome } from '../genome/genome.ts';
import { type Rectangle, rectanglesOf } from '../genome/patches.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';

/** How many patches of a genome read each pixel, [size][size]; both halves of a pair count. */
export function patchCounts(genome: Genome, frame: FrameGeometry): Uint8Array {
  const counts = new Uint8Array(frame.size * frame.size);
  for (const rectangle of genome.patches.flatMap((patch) => rectanglesOf(patch, frame))) {
    for (const pixel of pixelsOf(rectangle, frame)) counts[pixel]++;
  }
  return counts;
}

/**
 * The weighted share of the genomes that read each pixel, 0 to 1, [size][size].
 *
 * @param weights one for each genome, not negative, not all 0
 */
export function readingShares(
  genomes: readonly Genome[],
  weights: readonly number[],
  frame: FrameGeometry,
): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = new Float64Array(frame.size * frame.size);
  for (const [index, genome] of genomes.entries()) {
    for (const [pixel, count] of patchCounts(genome, frame).entries()) {
      if (count > 0) shares[pixel] += weights[index] / total;
    }
  }
  return shares.map((share) => Math.min(share, 1)); // a sum of thirds can pass 1 by rounding
}

/** The weight of a genome in the map of a population: 1 in the first front, a half in the second, a third, … */
export function rankWeight(rank: number): number {
  return 1 / (1 + rank);
}

/** Numbers of a rectangle's pixels, as far as they lie inside the frame. */
function* pixelsOf({ x, y, width, height }: Rectangle, { size }: FrameGeometry): Generator<number> {
  for (let row = Math.max(y, 0); row < Math.min(y + height, size); row++) {
    for (let column = Math.max(x, 0); column < Math.min(x + width, size); column++) {
      yield row * size + column;
    }
  }
}
