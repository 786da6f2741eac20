import fc from 'fast-check';
import { randomStream } from '../../src/core/random.ts';
import { type GenomeBounds, parseGenomeBounds } from '../../src/genome/bounds.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import type { NetworkGenes } from '../../src/genome/network-genes.ts';
import { randomGenome } from '../../src/genome/random.ts';

export const DEFAULT_BOUNDS = parseGenomeBounds({ classes: 7 });

/** Network genes in the middle of what there is. */
export const NETWORK: NetworkGenes = {
  filters: [16, 32, 40],
  branches: 'separate',
  convolutions: 1,
  convolution: 'full',
  kernel: 3,
  head: 'flatten',
  denseUnits: 32,
  dropout: 0.1,
  pooling: 'max',
};

/** Lets patches read the whole face, and overlap as they like. */
export const ANY_PIXELS = { maximumPixels: 1, maximumOverlap: 1 } as const;
/** Leaves room for every operator. */
export const WIDE_BOUNDS = parseGenomeBounds({
  classes: 7,
  maximumSide: 32,
  maximumParameters: 1e6,
  maximumMacs: 1e9,
  ...ANY_PIXELS,
});

/** Bounds of many kinds: few and many patches, small and large sides, tight and loose caps, no overlap and any. */
export const BOUNDS: readonly GenomeBounds[] = [
  DEFAULT_BOUNDS,
  parseGenomeBounds({ classes: 7, maximumParameters: 4_000 }),
  parseGenomeBounds({ classes: 7, maximumMacs: 200_000 }),
  parseGenomeBounds({ classes: 3, minimumPatches: 3, maximumPatches: 3, minimumSide: 5, maximumSide: 11 }),
  parseGenomeBounds({ classes: 7, maximumPixels: 0.05, maximumOverlap: 0 }),
  WIDE_BOUNDS,
  parseGenomeBounds({ classes: 2, minimumPatches: 2, maximumPatches: 12, minimumSide: 1, maximumSide: 48 }),
  parseGenomeBounds({
    classes: 2,
    minimumPatches: 2,
    maximumPatches: 3,
    minimumSide: 47,
    maximumSide: 48,
    ...ANY_PIXELS,
  }),
  parseGenomeBounds({
    classes: 7,
    frame: { size: 40, border: 3, noseX: 20, noseY: 24 },
    maximumSide: 20,
    minimumFilters: 12,
    maximumFilters: 16,
    minimumDenseUnits: 24,
    maximumDenseUnits: 32,
    maximumParameters: 30_000,
  }),
];

export const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
export const anyBounds = fc.constantFrom(...BOUNDS);

export const randomGenomes: fc.Arbitrary<Genome> = seeds.map((seed) =>
  randomGenome(DEFAULT_BOUNDS, randomStream('arbitrary', seed)),
);

/** Patches of every kind, canonical or not, that need not lie in any frame. */
export const anyPatch: fc.Arbitrary<PatchGene> = fc.record({
  dx: fc.integer({ min: -12, max: 12 }),
  dy: fc.integer({ min: -2, max: 2 }),
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 2 }),
  mirrored: fc.boolean(),
  scale: fc.constantFrom(1, 2),
});
