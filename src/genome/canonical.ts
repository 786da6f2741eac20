import type { Genome } from './genome.ts';
import type { NetworkGenes } from './network-genes.ts';
import { canonicalPatches } from './patches.ts';

/**
 * Brings a genome into the one form of all genomes that describe the same patches and network; see `canonicalPatches`. A
 * single patch shares its kernels with no other.
 */
export function canonicalGenome(genome: Genome): Genome {
  const patches = canonicalPatches(genome.patches);
  const network: NetworkGenes =
    patches.length === 1 ? { ...genome.network, branches: 'separate' } : genome.network;
  return { patches, network };
}
