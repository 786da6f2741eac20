import type { GenomeBounds } from './bounds.ts';
import { fitNetwork } from './fit-network.ts';
import type { Genome } from './genome.ts';
import { NETWORK } from './network-genes.ts';

/**
 * This form gained most from long trainings on FER2013, on patches of several runs: all patches share the kernels of three
 * blocks of two convolutions with a residual connection (He et al. 2016, section 3.2), with more filters on smaller maps.
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
 * Replaces the network of a genome by a deep one, as large as the bounds allow (see `fitNetwork`), and keeps its patches.
 * Architecture search likewise searches with cheap networks and trains deeper ones on what it found (Zoph et al. 2018,
 * section 3). A genome that leaves no room for a deep network stays as it is.
 */
export function growNetwork(genome: Genome, bounds: GenomeBounds): Genome {
  const { patches, network } = genome;
  const { dropout, pooling } = network;
  const deep = { patches, network: NETWORK.complete({ ...DEEP_NETWORK, dropout, pooling }) };
  return fitNetwork(deep, bounds, bounds, bounds.maximumDenseUnits) ?? genome;
}
