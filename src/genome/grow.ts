import type { GenomeBounds } from './bounds.ts';
import { fitNetwork } from './fit-network.ts';
import type { Genome } from './genome.ts';

/** Four times as wide is up to sixteen times as many parameters; it is lowered by sixteenths until the bounds are kept. */
const MOST_GROWTH = 4;

/**
 * The genome with its patches as they are and a network as large as the bounds allow: filters and dense units grow
 * together, up to four times, in proportion as far as steps and bounds allow, until one limit is met; what that leaves of the parameters
 * goes into more dense units. To search with small networks and to train larger ones of their kind is what the search for
 * architectures does (Zoph et al. 2018).
 */
export function growNetwork(genome: Genome, bounds: GenomeBounds): Genome {
  const { patches, network } = genome;
  const filters = network.filters.map((count) => MOST_GROWTH * count);
  const denseUnits = MOST_GROWTH * network.denseUnits;
  const large = { patches, network: { ...network, filters, denseUnits } };
  return fitNetwork(large, bounds, bounds, bounds.maximumDenseUnits) ?? genome;
}
