import type { RandomStream } from '../core/random.ts';
import { parameterCount } from '../network/describe.ts';
import { type GenomeBounds, smallestGenome } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import {
  BLOCKS,
  DENSE_UNITS,
  DROPOUT_RATES,
  FILTERS,
  type Genome,
  type NetworkGenes,
  type PatchGene,
} from './genome.ts';
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
  const genome = canonicalGenome({ patches, network: randomNetwork(bounds, random) });
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

function randomNetwork(bounds: GenomeBounds, random: RandomStream): NetworkGenes {
  const step = (low: number, high: number, size: number) => size * random.integer(low / size, high / size);
  // Networks of hardly any filters are all alike: evolution makes filters fewer where they are not needed.
  const third = bounds.minimumFilters + (bounds.maximumFilters - bounds.minimumFilters) / 3;
  const fewestFilters = FILTERS.step * Math.ceil(third / FILTERS.step);
  const filters = Array.from({ length: random.integer(BLOCKS.minimum, BLOCKS.maximum) }, () => {
    return step(fewestFilters, bounds.maximumFilters, FILTERS.step);
  });
  return {
    branches: random.chance(1 / 2) ? 'shared' : 'separate',
    filters: filters.sort((a, b) => a - b), // as maps get smaller there are more kinds of things to tell apart
    convolutions: random.chance(1 / 2) ? 2 : 1,
    convolution: random.chance(1 / 4) ? 'separable' : 'full',
    kernel: random.chance(1 / 4) ? 5 : 3,
    head: random.chance(1 / 4) ? 'global-pooling' : 'flatten',
    denseUnits: step(bounds.minimumDenseUnits, bounds.maximumDenseUnits, DENSE_UNITS.step),
    dropout: random.pick(DROPOUT_RATES),
  };
}
