import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { coveredPixels, mirrorImage } from '../../src/genome/patches.ts';
import { summarizeGenome } from '../../src/genome/summarize.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { NETWORK, randomGenomes } from './arbitraries.ts';

const EYES: PatchGene = { dx: -14, dy: -17, width: 20, height: 16, mirrored: true, scale: 1 };
const MOUTH: PatchGene = { dx: 0, dy: 9, width: 28, height: 16, mirrored: false, scale: 1 };
const GENOME: Genome = {
  patches: [MOUTH, EYES],
  network: NETWORK,
};

describe('genomeHash', () => {
  it('does not depend on the order of genes and fields, or on the half that stands for a pair', () => {
    const shuffled = randomGenomes.chain((genome) =>
      fc
        .shuffledSubarray([...genome.patches], { minLength: genome.patches.length })
        .map((patches) => ({ genome, patches })),
    );
    fc.assert(
      fc.property(shuffled, ({ genome, patches }) => {
        const other = {
          network: Object.fromEntries(Object.entries(genome.network).reverse()),
          patches: patches.map((patch) => (patch.mirrored ? mirrorImage(patch) : patch)),
        };
        expect(genomeHash(other as unknown as Genome)).toBe(genomeHash(genome));
      }),
    );
  });

  it('differs as soon as a gene does', () => {
    const others: Genome[] = [
      { ...GENOME, patches: [MOUTH] },
      { ...GENOME, patches: [MOUTH, { ...EYES, mirrored: false, scale: 1 }] },
      { ...GENOME, patches: [{ ...MOUTH, dx: 1 }, EYES] },
      { ...GENOME, network: { ...GENOME.network, filters: [16, 40, 32] } },
      { ...GENOME, network: { ...GENOME.network, dropout: 0 } },
      { ...GENOME, network: { ...GENOME.network, convolution: 'separable' } },
      { ...GENOME, patches: [MOUTH, { ...EYES, scale: 2 }] },
    ];
    expect(new Set([GENOME, ...others].map(genomeHash)).size).toBe(8);
    expect(genomeHash(GENOME)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('survives JSON', () => {
    fc.assert(
      fc.property(randomGenomes, (genome) => {
        const copy = JSON.parse(JSON.stringify(genome)) as Genome;
        expect(copy).toEqual(genome);
        expect(genomeHash(copy)).toBe(genomeHash(genome));
        expect(canonicalGenome(copy)).toEqual(genome);
      }),
    );
  });
});

describe('coveredPixels', () => {
  it('counts both halves of a pair and overlaps once', () => {
    expect(coveredPixels(GENOME, FACE_FRAME)).toBe(2 * 20 * 16 + 28 * 16);
    const overlapping = { ...MOUTH, dx: 4 };
    expect(coveredPixels({ ...GENOME, patches: [MOUTH, overlapping] }, FACE_FRAME)).toBe(32 * 16);
    const touching = { ...EYES, dx: -8 }; // columns 14…33 and 30…49
    expect(coveredPixels({ ...GENOME, patches: [touching] }, FACE_FRAME)).toBe(36 * 16);
  });

  it('is the same for the mirrored genome and at most the sum of all areas', () => {
    fc.assert(
      fc.property(randomGenomes, (genome) => {
        const pixels = coveredPixels(genome, FACE_FRAME);
        const areas = genome.patches.map(
          ({ width, height, mirrored }) => width * height * (mirrored ? 2 : 1),
        );
        expect(pixels).toBeLessThanOrEqual(areas.reduce((sum, area) => sum + area, 0));
        expect(pixels).toBeGreaterThanOrEqual(Math.max(...genome.patches.map((p) => p.width * p.height)));
        expect(coveredPixels({ ...genome, patches: genome.patches.map(mirrorImage) }, FACE_FRAME)).toBe(
          pixels,
        );
      }),
    );
  });
});

describe('summarizeGenome', () => {
  it('describes everything in one line', () => {
    expect(summarizeGenome(GENOME)).toBe(
      '2 patches: 20×16 pair at (-14, -17), 28×16 at (0, +9); conv 3×3 16-32-40, flatten, dense 32, dropout 0.1',
    );
    const cheap: Genome = {
      patches: [MOUTH, { ...EYES, scale: 2 }],
      network: { ...NETWORK, branches: 'shared', convolutions: 2, convolution: 'separable' },
    };
    expect(summarizeGenome(cheap)).toBe(
      '2 patches: half-scale 20×16 pair at (-14, -17), 28×16 at (0, +9); ' +
        'shared 2× separable conv 3×3 16-32-40, flatten, dense 32, dropout 0.1',
    );
    expect(
      summarizeGenome({
        patches: [MOUTH],
        network: {
          filters: [8, 8],
          branches: 'separate',
          convolutions: 1,
          convolution: 'full',
          kernel: 5,
          head: 'global-pooling',
          denseUnits: 16,
          dropout: 0,
          pooling: 'max',
        },
      }),
    ).toBe('1 patch: 28×16 at (0, +9); conv 5×5 8-8, global pooling, dense 16');
  });
});
