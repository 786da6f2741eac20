import type { RandomStream } from '../core/random.ts';
import { parameterCount } from '../network/describe.ts';
import { type GenomeBounds, smallestGenome } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome, PatchGene } from './genome.ts';
import { NETWORK } from './network-genes.ts';
import { faceSquare, patchAt } from './patches.ts';
import { shrinkToFit } from './shrink.ts';
import { toNetworkSpec } from './to-network-spec.ts';

/** A genome's limit on parameters lies at one of these shares between the smallest network and the bounds' maximum. */
const BUDGET_SHARES = [1 / 8, 1 / 2, 1, 1];

/**
 * Draws a canonical genome within the bounds. Patches lie anywhere on the face; half of them are pairs. So that a
 * population holds small and large candidates from the start, each genome draws the size that its patches may have and
 * the parameters that its network may have.
 */
export function randomGenome(bounds: GenomeBounds, random: RandomStream): Genome {
  const count = random.integer(bounds.minimumPatches, bounds.maximumPatches);
  const maximumSide = random.integer(
    Math.ceil((bounds.minimumSide + bounds.maximumSide) / 2),
    bounds.maximumSide,
  );
  const patches = Array.from({ length: count }, () => randomPatch(bounds, maximumSide, random));
  const genome = canonicalGenome({ patches, network: NETWORK.draw(bounds, random) });
  // Patches that coincide may have left too few.
  if (genome.patches.length < bounds.minimumPatches) return smallestGenome(bounds);
  const smallest = parameterCount(toNetworkSpec(smallestGenome(bounds), bounds));
  const room = bounds.maximumParameters - smallest;
  const maximumParameters = smallest + room * random.pick(BUDGET_SHARES);
  return shrinkToFit(genome, { ...bounds, maximumParameters }, bounds, random);
}

/**
 * Draws a patch anywhere on the face with sides up to `maximumSide`. Half of all patches are pairs, and one in four of those
 * that are large enough is read at half resolution.
 */
export function randomPatch(bounds: GenomeBounds, maximumSide: number, random: RandomStream): PatchGene {
  const face = faceSquare(bounds.frame);
  const width = random.integer(bounds.minimumSide, maximumSide);
  const height = random.integer(bounds.minimumSide, maximumSide);
  const x = random.integer(face.x, face.x + face.width - width);
  const y = random.integer(face.y, face.y + face.height - height);
  const mirrored = random.chance(1 / 2);
  const scale = random.chance(1 / 4) && canBeHalved({ width, height }, bounds) ? 2 : 1;
  return patchAt({ x, y, width, height }, { mirrored, scale }, bounds.frame);
}

/** Checks whether a patch is large enough for half resolution: half of its sides must not be below the minimum. */
export function canBeHalved(
  { width, height }: Pick<PatchGene, 'width' | 'height'>,
  { minimumSide }: GenomeBounds,
): boolean {
  return Math.min(width, height) >= 2 * minimumSide;
}
