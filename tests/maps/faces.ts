import type { Genome } from '../../src/genome/genome.ts';

export const FRAME = { size: 64, border: 8, noseX: 32, noseY: 37 };

const network = {
  filters: [16, 32],
  branches: 'separate',
  convolutions: 1,
  convolution: 'full',
  kernel: 3,
  head: 'flatten',
  denseUnits: 32,
  dropout: 0.1,
  pooling: 'max',
} as const;

/** A pair over the eyes that overlaps a patch between them, and a mouth patch. */
export const EYES_AND_MOUTH: Genome = {
  patches: [
    { dx: -13, dy: -19, width: 20, height: 16, mirrored: true, scale: 1 },
    { dx: -2, dy: -17, width: 12, height: 14, mirrored: false, scale: 1 },
    { dx: 0, dy: 10, width: 28, height: 15, mirrored: false, scale: 1 },
  ],
  network,
};

/** One patch of 10×10 whose upper left corner is the nose. */
export const BESIDE_NOSE: Genome = {
  patches: [{ dx: 5, dy: 5, width: 10, height: 10, mirrored: false, scale: 1 }],
  network,
};
