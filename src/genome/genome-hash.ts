import { contentHash } from '../core/hash.ts';
import { canonicalGenome } from './canonical.ts';
import type { Genome } from './genome.ts';

/** SHA-256 of the canonical form as 64 hexadecimal digits: equal for genomes that describe the same. */
export function genomeHash(genome: Genome): string {
  return contentHash(canonicalGenome(genome));
}
