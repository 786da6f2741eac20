import type { GenomeBounds } from './bounds.ts';
import { fitNetwork } from './fit-network.ts';
import type { Genome } from './genome.ts';
import { NETWORK } from './network-genes.ts';

/**
 * What long trainings on FER2013 made the most of, on patches of several runs: kernels that all patches share, three blocks of
 * two convolutions with a residual connection (He et al. 2016, section 3.2), more filters as maps get smaller.
 */
const DEEP_NETWORK = {
  branches: 'shared',
  filters: [16, 32, 48],
  convolutions: 2,
  convolution: 'full',
  kernel: 3,
  head: 'flatten',
  denseUnits: 64,
} as const;

/**
 * The genome with its patches as they are and a deep network in place of its own, as large as the bounds allow: its filters
 * and dense units are lowered together, in proportion as far as steps and bounds allow, and what that leaves of the
 * parameters goes into more dense units. To search with cheap networks and to train deeper ones on what was found is what
 * the search for architectures does (Zoph et al. 2018, section 3). A genome that leaves no room for one stays as it is.
 */
export function growNetwork(genome: Genome, bounds: GenomeBounds): Genome {
  const { patches, network } = genome;
  const deep = { patches, network: NETWORK.complete({ ...DEEP_NETWORK, dropout: network.dropout }) };
  return fitNetwork(deep, bounds, bounds, bounds.maximumDenseUnits) ?? genome;
}
