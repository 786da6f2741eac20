import { contentHash } from '../core/canonical-json.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { Genome, NetworkGenes, PatchGene } from './genome.ts';
import { canonicalPatches, rectanglesOf } from './patches.ts';

/**
 * The one form of all genomes that describe the same patches and network; see `canonicalPatches`. A single patch has
 * nobody to share with.
 */
export function canonicalGenome(genome: Genome): Genome {
  const patches = canonicalPatches(genome.patches);
  const network: NetworkGenes =
    patches.length === 1 ? { ...genome.network, branches: 'separate' } : genome.network;
  return { patches, network };
}

/** SHA-256 of the canonical form as 64 hexadecimal digits: equal for genomes that describe the same. */
export function genomeHash(genome: Genome): string {
  return contentHash(canonicalGenome(genome));
}

/** Pixels of the frame that at least one patch reads, mirror images included. */
export function coveredPixels({ patches }: Pick<Genome, 'patches'>, frame: FrameGeometry): number {
  const covered = new Uint8Array(frame.size * frame.size);
  for (const { x, y, width, height } of patches.flatMap((patch) => rectanglesOf(patch, frame))) {
    for (let row = y; row < y + height; row++) {
      covered.fill(1, row * frame.size + x, row * frame.size + x + width);
    }
  }
  return covered.reduce((sum, read) => sum + read, 0);
}

/**
 * A genome in one line, as in `2 patches: 20×16 pair at (-14, -21), 28×16 at (0, +9); conv 3×3 16-32-40, flatten,
 * dense 32, dropout 0.1`. Places are centres relative to the nose, columns and rows.
 */
export function summarizeGenome(genome: Genome): string {
  const { patches, network } = canonicalGenome(genome);
  const places = patches.map(summarizePatch).join(', ');
  const count = `${patches.length} ${patches.length === 1 ? 'patch' : 'patches'}`;
  return `${count}: ${places}; ${summarizeNetwork(network)}`;
}

/** As in `20×16 pair at (-14, -21)`; `half-scale 20×16` where it is read at half resolution. */
export function summarizePatch({ dx, dy, width, height, mirrored, scale }: PatchGene): string {
  const form = `${scale === 2 ? 'half-scale ' : ''}${width}×${height}${mirrored ? ' pair' : ''}`;
  return `${form} at (${signed(dx)}, ${signed(dy)})`;
}

/**
 * As in `conv 3×3 16-32-40, flatten, dense 32, dropout 0.1`; `2× conv` where a block has two convolutions, `shared conv`
 * where all patches use the same kernels, `separable conv` where convolutions are depthwise separable.
 */
export function summarizeNetwork(network: NetworkGenes): string {
  const { branches, filters, convolutions, convolution, kernel, head, denseUnits, dropout } = network;
  const form = `${branches === 'shared' ? 'shared ' : ''}${convolutions === 2 ? '2× ' : ''}`;
  const kind = convolution === 'separable' ? 'separable conv' : 'conv';
  const conv = `${form}${kind} ${kernel}×${kernel} ${filters.join('-')}`;
  const ending = dropout > 0 ? `, dropout ${dropout}` : '';
  return `${conv}, ${head.replace('-', ' ')}, dense ${denseUnits}${ending}`;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : `${value}`;
}
