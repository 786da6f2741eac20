import type { NetworkGenes } from './network-genes.ts';

/**
 * A rectangle of the face frame, placed relative to the nose, in whole frame pixels. Its left column is
 * `noseX + dx − floor(width / 2)` and its top row `noseY + dy − floor(height / 2)`.
 */
export interface PatchGene {
  /** Columns from the nose to the centre, positive to the right. */
  readonly dx: number;
  /** Rows from the nose to the centre, positive downward. */
  readonly dy: number;
  readonly width: number;
  readonly height: number;
  /**
   * Whether the patch is a pair: itself and its mirror image about the vertical line through the nose. Both share the
   * weights of one branch, which reads the mirror image with its columns reversed.
   */
  readonly mirrored: boolean;
  /** 1 reads pixels at full resolution; 2 reads means of 2×2 pixels and leaves out an odd last row or column. */
  readonly scale: 1 | 2;
}

/** Describes a candidate, its patches and the network on them, as plain JSON data. */
export interface Genome {
  readonly patches: readonly PatchGene[];
  readonly network: NetworkGenes;
}
