import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FACE_REGIONS, faceRegions, regionMask } from '../../src/landmarks/face-regions.ts';
import { regionShares, shareOf } from '../../src/saliency/region-shares.ts';

const regions = faceRegions();
const pixels = regions.size ** 2;
const grid = (values: ArrayLike<number>) => ({ size: regions.size, values: Float64Array.from(values) });

describe('regionShares', () => {
  test('sum to 1, as do densities weighted by area, for any map with values above 0', () => {
    const value = fc.double({ min: -5, max: 1000, noNaN: true });
    const map = fc
      .array(fc.tuple(fc.nat({ max: pixels - 1 }), value), { minLength: 1, maxLength: 200 })
      .filter((marks) =>
        marks.some(([pixel, mark], i) => {
          return mark > 0 && !marks.slice(i + 1).some(([later]) => later === pixel);
        }),
      );
    fc.assert(
      fc.property(map, (marks) => {
        const values = new Float64Array(pixels);
        for (const [pixel, mark] of marks) values[pixel] = mark;
        const shares = regionShares(grid(values), regions)!;
        expect(shares.map(({ region }) => region)).toEqual(FACE_REGIONS);
        expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
        expect(shares.reduce((sum, { area }) => sum + area, 0)).toBeCloseTo(1, 12);
        expect(shares.reduce((sum, { area, density }) => sum + area * density, 0)).toBeCloseTo(1, 12);
        expect(Math.min(...shares.map(({ share }) => share))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 50 },
    );
  });

  test('are 1 on the region whose mask is the map, and equal the areas for a constant map', () => {
    const eyes = regionShares(regionMask(regions, 'eyes'))!;
    expect(eyes.filter(({ share }) => share > 0)).toEqual([
      expect.objectContaining({ region: 'eyes', share: 1, density: expect.closeTo(4096 / 152, 12) }),
    ]);
    for (const { share, area, density } of regionShares(grid(new Float64Array(pixels).fill(7)))!) {
      expect(share).toBeCloseTo(area, 12);
      expect(density).toBeCloseTo(1, 12);
    }
    expect(shareOf(eyes, 'eyes', 'brows')).toBe(1);
    expect(shareOf(eyes, 'mouth')).toBe(0);
  });

  test('ignore values below 0, and are null for an empty map', () => {
    const both = regionMask(regions, 'mouth').values.map((one, pixel) => (one === 1 ? 2 : -pixel));
    expect(shareOf(regionShares(grid(both))!, 'mouth')).toBe(1);
    expect(regionShares(grid(new Float64Array(pixels)))).toBeNull();
    expect(regionShares(grid(new Float64Array(pixels).fill(-1)))).toBeNull();
  });

  test('refuse a map of another size', () => {
    expect(() => regionShares({ size: 48, values: new Float64Array(48 * 48) })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
