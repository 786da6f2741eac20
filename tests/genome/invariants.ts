import { expect } from 'vitest';
import type { GenomeBounds } from '../../src/genome/bounds.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { genomeSchema } from '../../src/genome/genome-schema.ts';
import { NETWORK_GENES } from '../../src/genome/network-genes.ts';
import { faceSquare, rectanglesOf } from '../../src/genome/patches.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { macCount, parameterCount } from '../../src/network/describe.ts';

/** Everything that must hold of every genome of a search, written out apart from the code that keeps it. */
export function expectInvariants(genome: Genome, bounds: GenomeBounds): void {
  expect(genomeSchema.safeParse(genome).success).toBe(true);
  expect(canonicalGenome(genome)).toEqual(genome);
  expect(JSON.parse(JSON.stringify(genome))).toEqual(genome);
  const { patches, network } = genome;
  expect(Object.keys(network)).toEqual(Object.keys(NETWORK_GENES)); // files have the same bytes after they were read again
  expect(patches.length).toBeGreaterThanOrEqual(bounds.minimumPatches);
  expect(patches.length).toBeLessThanOrEqual(bounds.maximumPatches);
  expectInsideFace(genome, bounds);
  for (const { width, height, scale } of patches) {
    expect(Math.floor(Math.min(width, height) / scale)).toBeGreaterThanOrEqual(bounds.minimumSide);
    expect(Math.max(width, height)).toBeLessThanOrEqual(bounds.maximumSide);
  }
  expect(Math.min(...network.filters)).toBeGreaterThanOrEqual(bounds.minimumFilters);
  expect(Math.max(...network.filters)).toBeLessThanOrEqual(bounds.maximumFilters);
  expect(network.denseUnits).toBeGreaterThanOrEqual(bounds.minimumDenseUnits);
  expect(network.denseUnits).toBeLessThanOrEqual(bounds.maximumDenseUnits);
  expect(parameterCount(toNetworkSpec(genome, bounds))).toBeLessThanOrEqual(bounds.maximumParameters);
  expect(macCount(toNetworkSpec(genome, bounds))).toBeLessThanOrEqual(bounds.maximumMacs);
  expectFewPixels(genome, bounds);
}

/** Hardly any pixel is read twice, and no more are read than allowed. */
function expectFewPixels({ patches }: Genome, { frame, maximumPixels, maximumOverlap }: GenomeBounds): void {
  const masks = patches.flatMap((patch) =>
    rectanglesOf(patch, frame).map(({ x, y, width, height }) => {
      const pixels = Array.from({ length: width * height }, (_, i) => {
        return (y + Math.floor(i / width)) * frame.size + x + (i % width);
      });
      return new Set(pixels);
    }),
  );
  const read = new Set(masks.flatMap((mask) => [...mask]));
  expect(read.size).toBeLessThanOrEqual(maximumPixels * faceSquare(frame).width ** 2);
  for (const [index, a] of masks.entries()) {
    for (const b of masks.slice(index + 1)) {
      const both = [...a].filter((pixel) => b.has(pixel)).length;
      expect(both / Math.min(a.size, b.size)).toBeLessThanOrEqual(maximumOverlap);
    }
  }
}

/** All that is read lies inside the face, and no rectangle is read twice. */
export function expectInsideFace({ patches }: Genome, { frame }: GenomeBounds): void {
  const face = faceSquare(frame);
  const rectangles = patches.flatMap((patch) => rectanglesOf(patch, frame));
  for (const { x, y, width, height } of rectangles) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(face.x);
    expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(face.x + face.width);
  }
  expect(new Set(rectangles.map((rectangle) => JSON.stringify(rectangle))).size).toBe(rectangles.length);
}

/** What two lists of patches do not share. */
export function changedPatches(before: readonly PatchGene[], after: readonly PatchGene[]) {
  const isIn = (patch: PatchGene, list: readonly PatchGene[]) => list.some((other) => same(other, patch));
  return {
    gone: before.filter((patch) => !isIn(patch, after)),
    come: after.filter((patch) => !isIn(patch, before)),
  };
}

export function same(a: PatchGene, b: PatchGene): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
