import { parameterCount } from '../network/describe.ts';
import type { GenomeBounds } from './bounds.ts';
import { canonicalGenome } from './canonical.ts';
import { fitNetwork } from './fit-network.ts';
import type { Genome, PatchGene } from './genome.ts';
import { NETWORK, type NetworkGenes } from './network-genes.ts';
import { toNetworkSpec } from './to-network-spec.ts';

/** Maximum factor by which filters and dense units grow to use up the parameters. */
const MAX_GROWTH = 4;

/**
 * Gives a genome other patches and keeps its network genes except the sizes: filters and dense units are fitted in proportion,
 * so that the network has at most the parameters that it had, and nearly as many where the bounds of the sizes allow. If even
 * the smallest sizes have more, the patches share their kernels; if that is not enough, the branches end in means; if there
 * are still too many, the network is the smallest of the bounds.
 *
 * @param patches any number of patches inside the face, of any size
 */
export function replacePatches(genome: Genome, patches: readonly PatchGene[], bounds: GenomeBounds): Genome {
  const { maximumMacs, maximumDenseUnits } = bounds;
  const budget = { maximumParameters: parameterCount(toNetworkSpec(genome, bounds)), maximumMacs };
  const grown: NetworkGenes = {
    ...genome.network,
    filters: genome.network.filters.map((count) => MAX_GROWTH * count),
    denseUnits: MAX_GROWTH * genome.network.denseUnits,
  };
  const shared: NetworkGenes = { ...grown, branches: 'shared' };
  for (const network of [grown, shared, { ...shared, head: 'global-pooling' as const }]) {
    const fitting = fitNetwork({ patches, network }, budget, bounds, maximumDenseUnits);
    if (fitting !== null) return fitting;
  }
  return canonicalGenome({ patches, network: NETWORK.smallest(bounds) });
}
