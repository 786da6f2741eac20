import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { genomeSchema } from '../../src/genome/genome-schema.ts';
import { coveredPixels, largestOverlap } from '../../src/genome/patches.ts';
import { canBeHalved, randomGenome } from '../../src/genome/random.ts';
import { randomLayout } from '../../src/genome/random-layout.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { networkCost, parameterCount } from '../../src/network/describe.ts';
import { anyBounds, DEFAULT_BOUNDS, seeds } from './arbitraries.ts';
import { expectInsideFace } from './invariants.ts';

test('a random layout has the pixels and the parameters of the genome, or a little less', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const genome = randomGenome(DEFAULT_BOUNDS, randomStream(seed));
      const layout = randomLayout(genome, DEFAULT_BOUNDS, randomStream(seed, 'layout'));
      const [most, pixels] = [genome, layout].map((one) => coveredPixels(one, DEFAULT_BOUNDS.frame));
      expect(pixels).toBeLessThanOrEqual(most);
      expect(pixels).toBeGreaterThan(0.85 * most);
      fc.pre(parameterCount(toNetworkSpec(genome, DEFAULT_BOUNDS)) > 1500);
      const [own, cost] = [genome, layout].map((one) => networkCost(toNetworkSpec(one, DEFAULT_BOUNDS)));
      expect(cost.parameters).toBeLessThanOrEqual(own.parameters);
      // Filters grow to four times as many at most, which smaller patches may not use up.
      expect(cost.parameters).toBeGreaterThan(0.25 * own.parameters);
      const { branches: _, filters, denseUnits: __, ...rest } = layout.network;
      expect(genome.network).toMatchObject(rest);
      expect(filters).toHaveLength(genome.network.filters.length);
    }),
    { numRuns: 60 },
  );
});

test('it is a canonical genome inside the face whose patches hardly overlap, within any bounds', () => {
  fc.assert(
    fc.property(anyBounds, seeds, (bounds, seed) => {
      const genome = randomGenome(bounds, randomStream(seed));
      const layout = randomLayout(genome, bounds, randomStream(seed, 'layout'));
      expect(genomeSchema.safeParse(layout).success).toBe(true);
      expect(canonicalGenome(layout)).toEqual(layout);
      expectInsideFace(layout, bounds);
      expect(layout.patches.length).toBeGreaterThan(0);
      expect(coveredPixels(layout, bounds.frame)).toBeLessThanOrEqual(coveredPixels(genome, bounds.frame));
      expect(networkCost(toNetworkSpec(layout, bounds)).macs).toBeLessThanOrEqual(bounds.maximumMacs);
      // Trimming the last patch makes it smaller, and so its share that another reads larger.
      expect(largestOverlap(layout.patches.slice(0, 1), bounds.frame)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

test('a patch that is trimmed below twice the smallest side is read at full resolution', () => {
  const drawn = randomGenome(DEFAULT_BOUNDS, randomStream('one'));
  const patch = { dx: 0, dy: 0, width: 15, height: 12, mirrored: false, scale: 1 } as const;
  const genome = canonicalGenome({ ...drawn, patches: [patch] });
  for (let draw = 0; draw < 60; draw++) {
    const { patches } = randomLayout(genome, DEFAULT_BOUNDS, randomStream('trimmed', draw));
    expect(patches.every((one) => one.scale === 1 || canBeHalved(one, DEFAULT_BOUNDS))).toBe(true);
  }
});

test('layouts of different streams lie elsewhere', () => {
  const genome = randomGenome(DEFAULT_BOUNDS, randomStream('one'));
  const layouts = [0, 1, 2, 3].map((index) => {
    return JSON.stringify(randomLayout(genome, DEFAULT_BOUNDS, randomStream('layouts', index)).patches);
  });
  expect(new Set(layouts).size).toBe(4);
  expect(JSON.stringify(randomLayout(genome, DEFAULT_BOUNDS, randomStream('layouts', 0)).patches)).toBe(
    layouts[0],
  );
});
