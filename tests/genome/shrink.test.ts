import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { parseGenomeBounds, smallestGenome } from '../../src/genome/bounds.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { coveredPixels } from '../../src/genome/patches.ts';
import { shrinkToFit } from '../../src/genome/shrink.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { macCount, parameterCount } from '../../src/network/describe.ts';
import { ANY_PIXELS, NETWORK } from './arbitraries.ts';

const bounds = parseGenomeBounds({ classes: 7, minimumPatches: 2, ...ANY_PIXELS });
const square = (side: number): PatchGene => ({
  dx: 0,
  dy: 0,
  width: side,
  height: side,
  mirrored: false,
  scale: 1,
});
const GENOME: Genome = {
  patches: [square(8), square(9), square(10)],
  network: NETWORK,
};
const FACE_PIXELS = 48 ** 2;
const withParameters = (maximumParameters: number) => ({
  maximumParameters,
  maximumMacs: 1e9,
  maximumPixels: 1,
});
const parametersOf = (genome: Genome) => parameterCount(toNetworkSpec(genome, bounds));
const macsOf = (genome: Genome) => macCount(toNetworkSpec(genome, bounds));

describe('shrinkToFit', () => {
  it('leaves a genome that fits unchanged', () => {
    expect(shrinkToFit(GENOME, withParameters(parametersOf(GENOME)), bounds, randomStream('fits'))).toBe(
      GENOME,
    );
  });

  it('reaches every number of parameters, and never makes one patch of two', () => {
    const minimum = parametersOf(smallestGenome(bounds));
    for (let limit = parametersOf(GENOME); limit >= minimum; limit = Math.floor(limit * 0.8)) {
      const shrunk = shrinkToFit(GENOME, withParameters(limit), bounds, randomStream('limit', limit));
      expect(parametersOf(shrunk)).toBeLessThanOrEqual(limit);
      expect(shrunk.patches.length).toBeGreaterThanOrEqual(2);
    }
    expect(shrinkToFit(GENOME, withParameters(minimum), bounds, randomStream('minimum'))).toEqual(
      smallestGenome(bounds),
    );
  });

  it('reaches every number of multiply-accumulates, at the cost of all but dense units', () => {
    const twice: Genome = { ...GENOME, network: { ...GENOME.network, convolutions: 2 } };
    for (let maximumMacs = macsOf(twice); maximumMacs > 50_000; maximumMacs = Math.floor(maximumMacs * 0.8)) {
      const budget = { maximumParameters: 1e9, maximumMacs, maximumPixels: 1 };
      const shrunk = shrinkToFit(twice, budget, bounds, randomStream('macs', maximumMacs));
      expect(macsOf(shrunk)).toBeLessThanOrEqual(maximumMacs);
      expect(shrunk.network.denseUnits).toBe(twice.network.denseUnits);
    }
  });

  it('reaches every number of pixels by smaller and then fewer patches, and keeps the network', () => {
    const pixelsOf = (genome: Genome) => coveredPixels(genome, bounds.frame);
    for (let limit = pixelsOf(GENOME); limit >= pixelsOf(smallestGenome(bounds)); limit -= 7) {
      const budget = { maximumParameters: 1e9, maximumMacs: 1e9, maximumPixels: limit / FACE_PIXELS };
      const shrunk = shrinkToFit(GENOME, budget, bounds, randomStream('pixels', limit));
      expect(pixelsOf(shrunk)).toBeLessThanOrEqual(limit);
      expect(shrunk.patches.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('keeps all patches as long as something else can shrink', () => {
    for (let index = 0; index < 20; index++) {
      const shrunk = shrinkToFit(
        GENOME,
        withParameters(parametersOf(GENOME) / 3),
        bounds,
        randomStream('patches', index),
      );
      expect(shrunk.patches).toHaveLength(3);
    }
  });
});
