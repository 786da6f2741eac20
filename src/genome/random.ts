import type { RandomStream } from '../core/random.ts';
import { parameterCount } from '../network/describe.ts';
import { type GenomeBounds, smallestGenome } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome, PatchGene } from './genome.ts';
import { NETWORK } from './network-genes.ts';
import { faceSquare, patchAt } from './patches.ts';
import { shrinkToFit } from './shrink.ts';
import { toNetworkSpec } from './to-network-spec.ts';

/** Shares of the room between the smallest network and the largest that a genome is drawn for. */
const BUDGET_SHARES = [1 / 8, 1 / 2, 1, 1];

/**
 * A random canonical genome within the bounds. Patches lie anywhere on the face; half of them are pairs. So that a
 * population holds small and large candidates from the start, each genome draws the size that its patches may have and
 * the parameters that its network may have.
 */
export function randomGenome(bounds: GenomeBounds, random: RandomStream): Genome {
  const count = random.integer(bounds.minimumPatches, bounds.maximumPatches);
  const largestSide = random.integer(
    Math.ceil((bounds.minimumSide + bounds.maximumSide) / 2),
    bounds.maximumSide,
  );
  const patches = Array.from({ length: count }, () => randomPatch(bounds, largestSide, random));
  const genome = canonicalGenome({ patches, network: NETWORK.draw(bounds, random) });
  // Patches that fell together may have left too few.
  if (genome.patches.length < bounds.minimumPatches) return smallestGenome(bounds);
  const smallest = parameterCount(toNetworkSpec(smallestGenome(bounds), bounds));
  const room = bounds.maximumParameters - smallest;
  const maximumParameters = smallest + room * random.pick(BUDGET_SHARES);
  return shrinkToFit(genome, { ...bounds, maximumParameters }, bounds, random);
}

/**
 * A patch anywhere on the face with sides up to `largestSide`; a pair in half of all cases, and of those large enough
 * one in four is read at half resolution.
 */
export function randomPatch(bounds: GenomeBounds, largestSide: number, random: RandomStream): PatchGene {
  const face = faceSquare(bounds.frame);
  const width = random.integer(bounds.minimumSide, largestSide);
  const height = random.integer(bounds.minimumSide, largestSide);
  const x = random.integer(face.x, face.x + face.width - width);
  const y = random.integer(face.y, face.y + face.height - height);
  const mirrored = random.chance(1 / 2);
  const scale = random.chance(1 / 4) && canBeHalved({ width, height }, bounds) ? 2 : 1;
  return patchAt({ x, y, width, height }, { mirrored, scale }, bounds.frame);
}

/** Whether a patch is large enough for half resolution: what is left of it must be no smaller than the smallest patch. */
export function canBeHalved(
  { width, height }: Pick<PatchGene, 'width' | 'height'>,
  { minimumSide }: GenomeBounds,
): boolean {
  return Math.min(width, height) >= 2 * minimumSide;
}
