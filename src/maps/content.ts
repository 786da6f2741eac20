import type { Genome } from '../genome/genome.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';

/** What a patch map shows. */
export interface PatchMapContent {
  /** Canonical. One for a map of its patches, more for a map of where they all look. */
  readonly genomes: readonly Genome[];
  /** How much each genome counts, from 0. */
  readonly weights: readonly number[];
  readonly frame: FrameGeometry;
  /** What the patches are drawn over: grey levels, [size][size], as from `meanFace`. A plain drawing if left out. */
  readonly face?: Uint8Array;
  /** Heading of the picture. */
  readonly title?: string;
}
