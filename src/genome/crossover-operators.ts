import type { RandomStream } from '../core/random.ts';
import type { GenomeBounds } from './bounds.ts';
import type { Genome, PatchGene } from './genome.ts';
import { NETWORK } from './network-genes.ts';
import { faceSquare, isSamePatch, largestOverlap, rectangleOf, withoutOverlaps } from './patches.ts';

type Cross = (a: Genome, b: Genome, bounds: GenomeBounds, random: RandomStream) => Genome;

/** Takes the patches on one side of a random line from one parent, the rest from the other. */
export const crossByRegion: Cross = (a, b, bounds, random) => {
  return childWith(patchesByRegion(a.patches, b.patches, bounds, random), a, b, bounds, random);
};

/** Takes each patch of either parent with probability ½, those that both have always. */
export const crossByList: Cross = (a, b, bounds, random) => {
  return childWith(patchesByList(a.patches, b.patches, random), a, b, bounds, random);
};

/** Makes a child with these patches, without those that overlap too much, and a mix of both parents' network genes. */
function childWith(
  patches: readonly PatchGene[],
  a: Genome,
  b: Genome,
  bounds: GenomeBounds,
  random: RandomStream,
): Genome {
  return {
    patches: limitCount(withoutOverlaps(patches, bounds), [...a.patches, ...b.patches], bounds, random),
    network: NETWORK.mix(a.network, b.network, random),
  };
}

function patchesByRegion(
  a: readonly PatchGene[],
  b: readonly PatchGene[],
  bounds: GenomeBounds,
  random: RandomStream,
): PatchGene[] {
  const face = faceSquare(bounds.frame);
  const vertical = random.chance(1 / 2);
  const line = vertical
    ? random.integer(face.x + 1, face.x + face.width - 1)
    : random.integer(face.y + 1, face.y + face.height - 1);
  const [before, behind] = random.chance(1 / 2) ? [a, b] : [b, a];
  const isBefore = (patch: PatchGene) => {
    const { x, y, width, height } = rectangleOf(patch, bounds.frame);
    return vertical ? 2 * x + width < 2 * line : 2 * y + height < 2 * line;
  };
  return [...before.filter(isBefore), ...behind.filter((patch) => !isBefore(patch))];
}

function patchesByList(a: readonly PatchGene[], b: readonly PatchGene[], random: RandomStream): PatchGene[] {
  const isIn = (patch: PatchGene, list: readonly PatchGene[]) =>
    list.some((other) => isSamePatch(other, patch));
  const fromFirst = a.filter((patch) => isIn(patch, b) || random.chance(1 / 2));
  const fromSecond = b.filter((patch) => !isIn(patch, a) && random.chance(1 / 2));
  return [...fromFirst, ...fromSecond];
}

/** Leaves patches out at random if there are too many, and adds some of the parents' if there are too few. */
function limitCount(
  patches: readonly PatchGene[],
  parents: readonly PatchGene[],
  bounds: GenomeBounds,
  random: RandomStream,
): PatchGene[] {
  if (patches.length > bounds.maximumPatches) return random.shuffle(patches).slice(0, bounds.maximumPatches);
  const filled = [...patches];
  for (const patch of random.shuffle(parents)) {
    if (filled.length >= bounds.minimumPatches) break;
    if (largestOverlap([...filled, patch], bounds.frame) <= bounds.maximumOverlap) filled.push(patch);
  }
  return filled;
}
