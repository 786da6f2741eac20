import { contentHash } from '../core/canonical-json.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { Genome } from './genome.ts';
import type { NetworkGenes } from './network-genes.ts';
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
