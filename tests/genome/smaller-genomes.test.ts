import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { coveredPixels } from '../../src/genome/patches.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { smallerGenomes, withLeanerNetworks, withoutEachPatch } from '../../src/genome/smaller-genomes.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { parameterCount } from '../../src/network/describe.ts';
import { EYES_AND_MOUTH } from '../maps/faces.ts';
import { anyBounds, DEFAULT_BOUNDS, NETWORK, seeds } from './arbitraries.ts';
import { expectInvariants } from './invariants.ts';

describe('smallerGenomes', () => {
  it('gives genomes within the bounds that read fewer pixels or have a cheaper network', () => {
    fc.assert(
      fc.property(anyBounds, seeds, (bounds, seed) => {
        const genome = randomGenome(bounds, randomStream(seed));
        const pixels = coveredPixels(genome, bounds.frame);
        for (const smaller of smallerGenomes(genome, bounds)) {
          expectInvariants(smaller, bounds);
          expect(genomeHash(smaller)).not.toBe(genomeHash(genome));
          const { patches } = smaller;
          if (JSON.stringify(patches) === JSON.stringify(genome.patches)) {
            expect(
              smaller.network.filters.every((count, block) => count <= genome.network.filters[block]),
            ).toBe(true);
            expect(smaller.network.denseUnits).toBeLessThanOrEqual(genome.network.denseUnits);
          } else {
            expect(coveredPixels(smaller, bounds.frame)).toBeLessThanOrEqual(pixels);
            expect(smaller.network).toEqual({ ...genome.network, branches: smaller.network.branches });
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('leaves out each patch, cuts each side, halves pairs and shrinks the network', () => {
    const pair = { dx: -12, dy: -10, width: 16, height: 12, mirrored: true, scale: 1 } as const;
    const single = { dx: 0, dy: 10, width: 8, height: 8, mirrored: false, scale: 1 } as const;
    const genome = { patches: [pair, single], network: { ...NETWORK, convolutions: 2 } as const };
    const smaller = smallerGenomes(genome, DEFAULT_BOUNDS);
    expect(withoutEachPatch(genome, DEFAULT_BOUNDS).map(({ patches }) => patches)).toEqual([
      [single],
      [pair],
    ]);
    // Two removals, half of the pair, four cuts of the pair, and filters, units, convolutions; 8×8 is the smallest patch.
    expect(smaller).toHaveLength(10);
    const sizes = smaller.map((one) => parameterCount(toNetworkSpec(one, DEFAULT_BOUNDS)));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(parameterCount(toNetworkSpec(genome, DEFAULT_BOUNDS)));
    const cuts = smaller.flatMap(({ patches: [first] }) =>
      first.mirrored ? [`${first.width}×${first.height}`] : [],
    );
    expect(new Set(cuts)).toEqual(new Set(['16×12', '12×12', '16×9']));
  });
});

test('leaner networks read the same patches with at most a half to a sixteenth of the parameters', () => {
  fc.assert(
    fc.property(anyBounds, seeds, (bounds, seed) => {
      const genome = randomGenome(bounds, randomStream(seed));
      const parametersOf = (one: Genome) => parameterCount(toNetworkSpec(one, bounds));
      const leaner = withLeanerNetworks(genome, bounds);
      for (const [index, one] of leaner.entries()) {
        expectInvariants(one, bounds);
        expect(one.patches).toEqual(genome.patches);
        expect(parametersOf(one)).toBeLessThanOrEqual(parametersOf(genome) / 2 ** (index + 1));
      }
    }),
    { numRuns: 60 },
  );
  const sizes = withLeanerNetworks(EYES_AND_MOUTH, DEFAULT_BOUNDS).map((one) => {
    return parameterCount(toNetworkSpec(one, DEFAULT_BOUNDS));
  });
  const own = parameterCount(toNetworkSpec(EYES_AND_MOUTH, DEFAULT_BOUNDS));
  for (const [index, size] of sizes.entries()) expect(size).toBeGreaterThan((0.6 * own) / 2 ** (index + 1));
});
