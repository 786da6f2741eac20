import { z } from 'zod';

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

/** What the network on the patches looks like; every patch gets a branch of this form. */
export interface NetworkGenes {
  /** Whether every patch has kernels of its own, or all use the same ones, each with a normalisation of its own. */
  readonly branches: 'separate' | 'shared';
  /** Filters of each block of convolutions and a max-pool; two or three blocks. */
  readonly filters: readonly number[];
  /**
   * Convolutions of a block, each with batch normalisation and ReLU. Where there are two, what the first gives is added
   * to what the second gives before its ReLU (He et al. 2016, section 3.2).
   */
  readonly convolutions: 1 | 2;
  /**
   * Whether a convolution mixes places and channels at once, or is depthwise separable: one filter a channel, then a 1×1
   * convolution (Howard et al. 2017, section 3.1). The first one of a branch, which reads one channel, is full always.
   */
  readonly convolution: 'full' | 'separable';
  /** Side of the square kernels. */
  readonly kernel: 3 | 5;
  /** How a branch ends: all its positions, or the mean of each channel. */
  readonly head: 'flatten' | 'global-pooling';
  /** Units of the dense layer that reads all branches. */
  readonly denseUnits: number;
  readonly dropout: (typeof DROPOUT_RATES)[number];
}

/** A candidate: where to look, and with what. Plain JSON data. */
export interface Genome {
  readonly patches: readonly PatchGene[];
  readonly network: NetworkGenes;
}

export const BLOCKS = { minimum: 2, maximum: 3 } as const;
export const FILTERS = { minimum: 4, maximum: 48, step: 4 } as const;
export const DENSE_UNITS = { minimum: 8, maximum: 96, step: 8 } as const;
export const DROPOUT_RATES = [0, 0.1, 0.2, 0.3] as const;

const side = z.int().min(1);
const filters = z.int().min(FILTERS.minimum).max(FILTERS.maximum).multipleOf(FILTERS.step);
const denseUnits = z.int().min(DENSE_UNITS.minimum).max(DENSE_UNITS.maximum).multipleOf(DENSE_UNITS.step);

const patch = z
  .strictObject({
    dx: z.int(),
    dy: z.int(),
    width: side,
    height: side,
    mirrored: z.boolean(),
    scale: z.literal([1, 2]).default(1),
  })
  .refine(({ width, height, scale }) => Math.min(width, height) >= scale, {
    path: ['scale'],
    error: 'a patch read at half resolution must have sides of at least 2 pixels',
  });

/**
 * The form of a genome. Whether its patches lie in a frame, and its size, is for `GenomeBounds` to say. Genes that came
 * later than the others may be left out: such a genome describes what it always did.
 */
export const genomeSchema: z.ZodType<Genome> = z.strictObject({
  patches: z.array(patch).min(1),
  network: z.strictObject({
    branches: z.literal(['separate', 'shared']).default('separate'),
    filters: z.array(filters).min(BLOCKS.minimum).max(BLOCKS.maximum),
    convolutions: z.literal([1, 2]).default(1),
    convolution: z.literal(['full', 'separable']).default('full'),
    kernel: z.literal([3, 5]),
    head: z.literal(['flatten', 'global-pooling']),
    denseUnits,
    dropout: z.literal(DROPOUT_RATES),
  }),
});
