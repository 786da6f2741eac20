import type { RandomStream } from '../core/random.ts';
import { type GenomeBounds, pixelLimit, smallestGenome } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome, PatchGene } from './genome.ts';
import { genomeCost } from './genome-cost.ts';
import { NETWORK } from './network-genes.ts';
import { canonicalPatches, coveredPixels, largestOverlap } from './patches.ts';

/** Maximum cost of a network. */
export type NetworkBudget = Pick<GenomeBounds, 'maximumParameters' | 'maximumMacs'>;
/** Maximum cost of a genome. */
export type Budget = NetworkBudget & Pick<GenomeBounds, 'maximumPixels'>;

/**
 * Makes a canonical genome a little smaller at random, again and again, until it stays within the budget: smaller patches;
 * if the network costs too much, also fewer filters, no second convolutions and, for too many parameters, fewer dense
 * units; and fewer patches if nothing else can be smaller. If that is not enough, the smallest genome of the bounds
 * replaces it.
 */
export function shrinkToFit(
  genome: Genome,
  budget: Budget,
  bounds: GenomeBounds,
  random: RandomStream,
): Genome {
  const maximumPixels = pixelLimit({ ...bounds, maximumPixels: budget.maximumPixels });
  let fitting = genome;
  let place = placeOf(genome.patches, bounds);
  while (true) {
    if (fitting.patches !== place.patches) place = placeOf(fitting.patches, bounds);
    const { network } = fitting;
    const { parameters, macs } = genomeCost(fitting, bounds);
    const tooManyParameters = parameters > budget.maximumParameters;
    const networkFits = !tooManyParameters && macs <= budget.maximumMacs;
    if (networkFits && place.pixels() <= maximumPixels) return fitting;
    const ways = [
      ...(networkFits ? [] : smallerNetworks(fitting, bounds, tooManyParameters)),
      place.smaller().map((patches) => ({ patches, network })),
    ].filter((genomes) => genomes.length > 0);
    if (ways.length > 0) fitting = random.pick(random.pick(ways));
    else if (fitting.patches.length > bounds.minimumPatches) fitting = withoutOnePatch(fitting, random);
    else return smallestGenome(bounds);
  }
}

/** Lists the genomes with a cheaper network, for each gene that can shrink. */
function smallerNetworks(
  { patches, network }: Genome,
  bounds: GenomeBounds,
  tooManyParameters: boolean,
): Genome[][] {
  return NETWORK.smaller(network, bounds, tooManyParameters).map((networks) =>
    networks.map((smaller) => ({ patches, network: smaller })),
  );
}

/** What shrinking asks of patches, found once, however often their network changes. */
function placeOf(patches: readonly PatchGene[], bounds: GenomeBounds) {
  let pixels: number | undefined;
  let smaller: (readonly PatchGene[])[] | undefined;
  return {
    patches,
    pixels: () => (pixels ??= coveredPixels({ patches }, bounds.frame)),
    smaller: () => (smaller ??= smallerPatches(patches, bounds)),
  };
}

/** Lists the patches with one an eighth shorter and narrower about its centre, down to the smallest side. */
function smallerPatches(patches: readonly PatchGene[], bounds: GenomeBounds): (readonly PatchGene[])[] {
  return patches.flatMap((patch, index) => {
    const cut = (side: number) => Math.max(patch.scale * bounds.minimumSide, side - Math.ceil(side / 8));
    const smaller = { ...patch, width: cut(patch.width), height: cut(patch.height) };
    if (smaller.width === patch.width && smaller.height === patch.height) return [];
    const changed = canonicalPatches(patches.with(index, smaller));
    const fits =
      changed.length === patches.length && largestOverlap(changed, bounds.frame) <= bounds.maximumOverlap;
    return fits ? [changed] : [];
  });
}

function withoutOnePatch({ patches, network }: Genome, random: RandomStream): Genome {
  return canonicalGenome({ patches: patches.toSpliced(random.integer(0, patches.length - 1), 1), network });
}
