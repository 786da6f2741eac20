import type { RandomStream } from '../core/random.ts';
import { networkCost } from '../network/describe.ts';
import { type GenomeBounds, smallestGenome } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome } from './genome.ts';
import { NETWORK } from './network-genes.ts';
import { toNetworkSpec } from './to-network-spec.ts';

/** Maximum cost of a network. */
export type Budget = Pick<GenomeBounds, 'maximumParameters' | 'maximumMacs'>;

/**
 * Makes a canonical genome a little smaller at random, again and again, until its network stays within the budget: fewer
 * filters, no second convolutions, smaller patches, fewer dense units if there are too many parameters, and fewer patches if
 * nothing else can be smaller. If that is not enough, the smallest genome of the bounds replaces it.
 */
export function shrinkToFit(
  genome: Genome,
  budget: Budget,
  bounds: GenomeBounds,
  random: RandomStream,
): Genome {
  let fitting = genome;
  while (true) {
    const { parameters, macs } = networkCost(toNetworkSpec(fitting, bounds));
    const tooLarge = parameters > budget.maximumParameters;
    if (!tooLarge && macs <= budget.maximumMacs) return fitting;
    const ways = smallerGenomes(fitting, bounds, tooLarge).filter((genomes) => genomes.length > 0);
    if (ways.length > 0) fitting = random.pick(random.pick(ways));
    else if (fitting.patches.length > bounds.minimumPatches) fitting = withoutOnePatch(fitting, random);
    else return smallestGenome(bounds);
  }
}

/** Lists the cheaper genomes for each part that can shrink. Each has a lower sum of all genes, so shrinking ends. */
function smallerGenomes(
  { patches, network }: Genome,
  bounds: GenomeBounds,
  tooManyParameters: boolean,
): Genome[][] {
  const smallerNetworks = NETWORK.smaller(network, bounds, tooManyParameters).map((networks) =>
    networks.map((smaller) => ({ patches, network: smaller })),
  );
  const smallerPatches = patches.flatMap((patch, index) => {
    const cut = (side: number) => Math.max(patch.scale * bounds.minimumSide, side - Math.ceil(side / 8));
    const smaller = { ...patch, width: cut(patch.width), height: cut(patch.height) };
    if (smaller.width === patch.width && smaller.height === patch.height) return [];
    const genome = canonicalGenome({ patches: patches.with(index, smaller), network });
    return genome.patches.length === patches.length ? [genome] : [];
  });
  return [...smallerNetworks, smallerPatches];
}

function withoutOnePatch({ patches, network }: Genome, random: RandomStream): Genome {
  return canonicalGenome({ patches: patches.toSpliced(random.integer(0, patches.length - 1), 1), network });
}
