import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { patchCounts, readingShares } from '../../src/maps/heat.ts';
import { BESIDE_NOSE, EYES_AND_MOUTH, FRAME } from './faces.ts';

const patch: fc.Arbitrary<PatchGene> = fc.record({
  dx: fc.integer({ min: -40, max: 40 }),
  dy: fc.integer({ min: -40, max: 40 }),
  width: fc.integer({ min: 1, max: 32 }),
  height: fc.integer({ min: 1, max: 32 }),
  mirrored: fc.boolean(),
  scale: fc.constantFrom(1, 2),
});
const genome: fc.Arbitrary<Genome> = fc
  .array(patch, { minLength: 1, maxLength: 5 })
  .map((patches) => ({ ...BESIDE_NOSE, patches }));

/** Whether a patch reads a pixel, from the definition: no rectangle is filled. */
function reads({ dx, dy, width, height }: PatchGene, column: number, row: number): boolean {
  const left = FRAME.noseX + dx - Math.floor(width / 2);
  const top = FRAME.noseY + dy - Math.floor(height / 2);
  return column >= left && column < left + width && row >= top && row < top + height;
}

/** Reading a mirrored half is reading the patch at the column on the other side of the nose. */
function countAt(patches: readonly PatchGene[], column: number, row: number): number {
  const opposite = 2 * FRAME.noseX - 1 - column;
  return patches.reduce(
    (sum, gene) =>
      sum + Number(reads(gene, column, row)) + Number(gene.mirrored && reads(gene, opposite, row)),
    0,
  );
}

describe('patchCounts', () => {
  test('agrees with a check of each patch at each pixel, also outside the frame', () => {
    fc.assert(
      fc.property(genome, (one) => {
        const expected = Array.from({ length: FRAME.size ** 2 }, (_, pixel) =>
          countAt(one.patches, pixel % FRAME.size, Math.floor(pixel / FRAME.size)),
        );
        expect(Array.from(patchCounts(one, FRAME))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test('places patches relative to the nose', () => {
    const counts = patchCounts(BESIDE_NOSE, FRAME);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(counts[37 * 64 + 32]).toBe(1);
    expect(counts[46 * 64 + 41]).toBe(1);
    expect(counts[36 * 64 + 32]).toBe(0);
    expect(counts[37 * 64 + 31]).toBe(0);
  });
});

describe('readingShares', () => {
  test('weighs genomes and counts a pixel once for each genome, even under several patches', () => {
    const shares = readingShares([EYES_AND_MOUTH, BESIDE_NOSE], [1, 3], FRAME);
    const at = (dx: number, dy: number) => shares[(FRAME.noseY + dy) * FRAME.size + FRAME.noseX + dx];
    expect(at(-6, -17)).toBe(0.25); // in the pair and in the patch between
    expect(at(0, 15)).toBe(0.25); // mouth alone
    expect(at(2, 2)).toBe(0.75);
    expect(at(2, 5)).toBe(1); // mouth and nose
    expect(at(-20, 0)).toBe(0);
  });

  test('stays within 0 and 1 for any weights', () => {
    const weights = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(weights, (three) => {
        const shares = readingShares([BESIDE_NOSE, BESIDE_NOSE, BESIDE_NOSE], three, FRAME);
        expect(Math.max(...shares)).toBeLessThanOrEqual(1);
        expect(Math.max(...shares)).toBeCloseTo(1, 12);
        expect(Math.min(...shares)).toBe(0);
      }),
    );
  });
});
