import type { RandomStream } from '../core/random.ts';
import { type GenomeBounds, smallestGenome } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome, PatchGene } from './genome.ts';
import { genomeCost } from './genome-cost.ts';
import { NETWORK } from './network-genes.ts';
import { canonicalPatches, coveredPixels, faceSquare, largestOverlap, patchAt } from './patches.ts';
import { shrinkToFit } from './shrink.ts';

/** A genome's limits on pixels and parameters lie at one of these shares between the smallest genome's and the bounds'. */
const BUDGET_SHARES = [1 / 8, 1 / 2, 1, 1];

/** Draws of a patch that may not overlap others before it is left out. */
const ATTEMPTS = 20;

/**
 * Draws a canonical genome within the bounds. Patches lie anywhere on the face; half of them are pairs. So that a
 * population holds small and large candidates from the start, each genome draws the size that its patches may have, the
 * pixels that they may read and the parameters that its network may have.
 */
export function randomGenome(bounds: GenomeBounds, random: RandomStream): Genome {
  const count = random.integer(bounds.minimumPatches, bounds.maximumPatches);
  const maximumSide = random.integer(
    Math.ceil((bounds.minimumSide + bounds.maximumSide) / 2),
    bounds.maximumSide,
  );
  const patches = randomPatches(count, bounds, maximumSide, random);
  const genome = canonicalGenome({ patches, network: NETWORK.draw(bounds, random) });
  const smallest = smallestGenome(bounds);
  if (genome.patches.length < bounds.minimumPatches) return smallest; // the others found no room
  const between = (minimum: number, maximum: number) => {
    return minimum + (maximum - minimum) * random.pick(BUDGET_SHARES);
  };
  const facePixels = faceSquare(bounds.frame).width ** 2;
  const budget = {
    maximumPixels: between(coveredPixels(smallest, bounds.frame) / facePixels, bounds.maximumPixels),
    maximumParameters: between(genomeCost(smallest, bounds).parameters, bounds.maximumParameters),
    maximumMacs: bounds.maximumMacs,
  };
  return shrinkToFit(genome, budget, bounds, random);
}

/** Draws patches that overlap no more than the bounds allow: at most `count`. */
function randomPatches(
  count: number,
  bounds: GenomeBounds,
  maximumSide: number,
  random: RandomStream,
): PatchGene[] {
  let patches: PatchGene[] = [];
  for (let attempt = 0; attempt < ATTEMPTS * count && patches.length < count; attempt++) {
    const next = canonicalPatches([...patches, randomPatch(bounds, maximumSide, random)]);
    if (next.length > patches.length && largestOverlap(next, bounds.frame) <= bounds.maximumOverlap)
      patches = next;
  }
  return patches;
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
