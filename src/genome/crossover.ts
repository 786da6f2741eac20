import type { RandomStream } from '../core/random.ts';
import type { GenomeBounds } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome, NetworkGenes, PatchGene } from './genome.ts';
import {
  CROSSOVER_NAMES,
  type CrossoverName,
  DEFAULT_OPERATOR_WEIGHTS,
  drawOperator,
  type OperatorWeights,
} from './operators.ts';
import { faceSquare, rectangleOf } from './patches.ts';
import { shrinkToFit } from './shrink.ts';

/**
 * One child of two canonical parents that lie within the bounds; so does the child, in canonical form. Patches come by
 * region (those on one side of a random line from one parent, the rest from the other) or by list (each patch of either
 * parent with probability ½, those that both have always), as the weights have it; each network gene comes from either
 * parent. Where this gives too many patches or parameters, some are taken off at random.
 *
 * @throws EvopatchError `INVALID_OPTION` where the weights of the crossovers are no weights, or all 0.
 */
export function crossoverGenomes(
  a: Genome,
  b: Genome,
  bounds: GenomeBounds,
  random: RandomStream,
  weights: OperatorWeights = DEFAULT_OPERATOR_WEIGHTS,
): { genome: Genome; operator: CrossoverName } {
  const operator = drawOperator(CROSSOVER_NAMES, weights, random);
  const patches =
    operator === 'crossover-region'
      ? patchesByRegion(a.patches, b.patches, bounds, random)
      : patchesByList(a.patches, b.patches, random);
  const child = canonicalGenome({
    patches: limitCount(patches, [...a.patches, ...b.patches], bounds, random),
    network: mixNetworks(a.network, b.network, random),
  });
  // A single patch that is half of the other parent's pair is left out: there may be too few now.
  const tooFew = child.patches.length < bounds.minimumPatches;
  const enough = tooFew ? canonicalGenome({ ...child, patches: a.patches }) : child;
  return { genome: shrinkToFit(enough, bounds, bounds, random), operator };
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
  const isIn = (patch: PatchGene, list: readonly PatchGene[]) => list.some((other) => isSame(other, patch));
  const fromFirst = a.filter((patch) => isIn(patch, b) || random.chance(1 / 2));
  const fromSecond = b.filter((patch) => !isIn(patch, a) && random.chance(1 / 2));
  return [...fromFirst, ...fromSecond];
}

/** Leaves patches out at random where there are too many, and adds some of the parents' where there are too few. */
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
    if (!filled.some((other) => isSame(other, patch))) filled.push(patch);
  }
  return filled;
}

function mixNetworks(a: NetworkGenes, b: NetworkGenes, random: RandomStream): NetworkGenes {
  const either = <T>(first: T, second: T) => (random.chance(1 / 2) ? first : second);
  const [depth, other] = either([a.filters, b.filters], [b.filters, a.filters]);
  return {
    branches: either(a.branches, b.branches),
    filters: depth.map((count, block) => either(count, other[block] ?? count)),
    convolutions: either(a.convolutions, b.convolutions),
    convolution: either(a.convolution, b.convolution),
    kernel: either(a.kernel, b.kernel),
    head: either(a.head, b.head),
    denseUnits: either(a.denseUnits, b.denseUnits),
    dropout: either(a.dropout, b.dropout),
  };
}

function isSame(a: PatchGene, b: PatchGene): boolean {
  return (
    a.dx === b.dx &&
    a.dy === b.dy &&
    a.width === b.width &&
    a.height === b.height &&
    a.mirrored === b.mirrored &&
    a.scale === b.scale
  );
}
