import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { coveredPixels } from '../../src/genome/patches.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { parameterCount } from '../../src/network/describe.ts';
import { anyBounds, DEFAULT_BOUNDS, seeds } from './arbitraries.ts';
import { expectInvariants } from './invariants.ts';

describe('randomGenome', () => {
  it('keeps every invariant', () => {
    fc.assert(
      fc.property(anyBounds, seeds, (bounds, seed) => {
        expectInvariants(randomGenome(bounds, randomStream(seed)), bounds);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same genome for the same stream', () => {
    const draw = () => randomGenome(DEFAULT_BOUNDS, randomStream('same'));
    expect(draw()).toEqual(draw());
  });

  it('gives small and large candidates of all kinds', () => {
    const genomes = Array.from({ length: 200 }, (_, index) => {
      return randomGenome(DEFAULT_BOUNDS, randomStream('variety', index));
    });
    const shareOf = (holds: (genome: Genome) => boolean) => genomes.filter(holds).length / genomes.length;
    const parametersOf = (genome: Genome) => parameterCount(toNetworkSpec(genome, DEFAULT_BOUNDS));
    expect(new Set(genomes.map(genomeHash)).size).toBe(200);
    expect(shareOf((genome) => parametersOf(genome) < 15_000)).toBeGreaterThan(0.1);
    expect(shareOf((genome) => parametersOf(genome) > 50_000)).toBeGreaterThan(0.1);
    expect(shareOf((genome) => coveredPixels(genome, DEFAULT_BOUNDS.frame) < 400)).toBeGreaterThan(0.1);
    expect(shareOf((genome) => coveredPixels(genome, DEFAULT_BOUNDS.frame) > 800)).toBeGreaterThan(0.1);
    for (let count = 1; count <= 6; count++) {
      expect(shareOf((genome) => genome.patches.length === count)).toBeGreaterThan(0.05);
    }
    expect(shareOf((genome) => genome.patches.some((patch) => patch.mirrored))).toBeGreaterThan(0.4);
    expect(shareOf((genome) => genome.network.head === 'global-pooling')).toBeGreaterThan(0.1);
    expect(shareOf((genome) => genome.network.filters.length === 3)).toBeGreaterThan(0.3);
    expect(shareOf((genome) => genome.network.convolution === 'separable')).toBeGreaterThan(0.15);
    expect(shareOf((genome) => genome.patches.some((patch) => patch.scale === 2))).toBeGreaterThan(0.02);
  });
});
