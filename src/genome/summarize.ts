import { canonicalGenome } from './canonical.ts';
import type { Genome, PatchGene } from './genome.ts';
import { NETWORK, type NetworkGenes } from './network-genes.ts';

/**
 * Describes a genome in one line, as in `2 patches: 20×16 pair at (-14, -21), 28×16 at (0, +9); conv 3×3 16-32-40, flatten,
 * dense 32, dropout 0.1`. Positions are centres relative to the nose, columns and rows.
 */
export function summarizeGenome(genome: Genome): string {
  const { patches, network } = canonicalGenome(genome);
  const positions = patches.map(summarizePatch).join(', ');
  const count = `${patches.length} ${patches.length === 1 ? 'patch' : 'patches'}`;
  return `${count}: ${positions}; ${summarizeNetwork(network)}`;
}

/** Describes a patch, as in `20×16 pair at (-14, -21)`; `half-scale 20×16` if it is read at half resolution. */
export function summarizePatch({ dx, dy, width, height, mirrored, scale }: PatchGene): string {
  const form = `${scale === 2 ? 'half-scale ' : ''}${width}×${height}${mirrored ? ' pair' : ''}`;
  return `${form} at (${signed(dx)}, ${signed(dy)})`;
}

/**
 * Describes a network, as in `conv 3×3 16-32-40, flatten, dense 32, dropout 0.1`; `2× conv` if a block has two
 * convolutions, `shared conv` if all patches share kernels, `separable conv` if convolutions are depthwise separable.
 */
export function summarizeNetwork(network: NetworkGenes): string {
  return NETWORK.summary(network);
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : `${value}`;
}
