import type { NetworkGenes } from './network-genes.ts';

/**
 * A rectangle of the face frame, placed relative to the nose, in whole frame pixels. Its left column is
 * `noseX + dx − floor(width / 2)` and its top row `noseY + dy − floor(height / 2)`.
 */
export interface PatchGene {
  /** Centre, columns right of the nose. */
  readonly dx: number;
  /** Centre, rows below the nose. */
  readonly dy: number;
  readonly width: number;
  readonly height: number;
  /**
   * Whether the patch is a pair: itself and its mirror image about the vertical line through the nose. Both share the
   * weights of one branch, which reads the mirror image with its columns reversed.
   */
  readonly mirrored: boolean;
  /** 1: its pixels are read as they are. 2: at half resolution, as means of 2×2 pixels; an odd last one is left out. */
  readonly scale: 1 | 2;
}

/** A candidate: where to look, and with what. Plain JSON data. */
export interface Genome {
  readonly patches: readonly PatchGene[];
  readonly network: NetworkGenes;
}
