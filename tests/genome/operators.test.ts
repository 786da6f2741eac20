import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { type GenomeBounds, parseGenomeBounds, smallestGenome } from '../../src/genome/bounds.ts';
import { canonicalGenome, coveredPixels, genomeHash } from '../../src/genome/canonical.ts';
import { crossoverGenomes } from '../../src/genome/crossover.ts';
import { type Genome, genomeSchema, type PatchGene } from '../../src/genome/genome.ts';
import { applyMutation, MUTATION_NAMES, mutateGenome } from '../../src/genome/mutate.ts';
import { faceSquare, rectanglesOf } from '../../src/genome/patches.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { macCount, parameterCount } from '../../src/network/describe.ts';
import { anyBounds, DEFAULT_BOUNDS, seeds } from './arbitraries.ts';

/** Everything that must hold of every genome, written out apart from the code that keeps it. */
function expectInvariants(genome: Genome, bounds: GenomeBounds): void {
  expect(genomeSchema.safeParse(genome).success).toBe(true);
  expect(canonicalGenome(genome)).toEqual(genome);
  expect(JSON.parse(JSON.stringify(genome))).toEqual(genome);
  const { patches, network } = genome;
  expect(patches.length).toBeGreaterThanOrEqual(bounds.minimumPatches);
  expect(patches.length).toBeLessThanOrEqual(bounds.maximumPatches);
  const rectangles = patches.flatMap((patch) => rectanglesOf(patch, bounds.frame));
  const face = faceSquare(bounds.frame);
  for (const { x, y, width, height } of rectangles) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(face.x);
    expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(face.x + face.width);
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(bounds.minimumSide);
    expect(Math.max(width, height)).toBeLessThanOrEqual(bounds.maximumSide);
  }
  expect(new Set(rectangles.map((place) => JSON.stringify(place))).size).toBe(rectangles.length);
  expect(Math.min(...network.filters)).toBeGreaterThanOrEqual(bounds.minimumFilters);
  expect(Math.max(...network.filters)).toBeLessThanOrEqual(bounds.maximumFilters);
  expect(network.denseUnits).toBeGreaterThanOrEqual(bounds.minimumDenseUnits);
  expect(network.denseUnits).toBeLessThanOrEqual(bounds.maximumDenseUnits);
  expect(parameterCount(toNetworkSpec(genome, bounds))).toBeLessThanOrEqual(bounds.maximumParameters);
  expect(macCount(toNetworkSpec(genome, bounds))).toBeLessThanOrEqual(bounds.maximumMacs);
}

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
  });
});

describe('long chains of mutations and crossovers', () => {
  it('keep every invariant, and each mutation changes something', () => {
    fc.assert(
      fc.property(anyBounds, seeds, (bounds, seed) => {
        const population = Array.from({ length: 4 }, (_, index) =>
          randomGenome(bounds, randomStream(seed, index)),
        );
        for (let round = 0; round < 40; round++) {
          const random = randomStream(seed, 'round', round);
          const child = crossoverGenomes(random.pick(population), random.pick(population), bounds, random);
          expectInvariants(child, bounds);
          const mutant = mutateGenome(child, bounds, random);
          expectInvariants(mutant, bounds);
          expect(genomeHash(mutant)).not.toBe(genomeHash(child));
          population[random.integer(0, 3)] = mutant;
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('mutateGenome', () => {
  const mutants = new Map(
    MUTATION_NAMES.map((name) => {
      const pairs = Array.from({ length: 150 }, (_, index) => {
        const parent = randomGenome(DEFAULT_BOUNDS, randomStream('parent', index));
        const child = applyMutation(name, parent, DEFAULT_BOUNDS, randomStream(name, index));
        return child ? [{ parent, child }] : [];
      });
      return [name, pairs.flat()];
    }),
  );
  const mutantsOf = (name: (typeof MUTATION_NAMES)[number]) => mutants.get(name) ?? [];

  it('has operators that each find something to change in many genomes', () => {
    for (const name of MUTATION_NAMES) expect(mutantsOf(name).length, name).toBeGreaterThan(30);
  });

  it('changes only what the operator is named after', () => {
    for (const name of MUTATION_NAMES) {
      for (const { parent, child } of mutantsOf(name)) {
        if (name === 'network') expect(child.patches).toEqual(parent.patches);
        else expect(child).toEqual(canonicalGenome({ ...child, network: parent.network }));
      }
    }
    for (const { parent, child } of mutantsOf('add'))
      expect(child.patches.some((patch) => !parent.patches.some((other) => same(patch, other)))).toBe(true);
    for (const { parent, child } of mutantsOf('remove')) {
      expect(child.patches).toHaveLength(parent.patches.length - 1);
      expect(parent.patches).toEqual(expect.arrayContaining([...child.patches]));
    }
    for (const { parent, child } of mutantsOf('resize')) {
      const unchanged = child.patches.filter((patch) => parent.patches.some((other) => same(patch, other)));
      expect(unchanged.length).toBeGreaterThanOrEqual(parent.patches.length - 1);
    }
  });

  it('splits a patch into parts that cover the same pixels', () => {
    const splits = mutantsOf('split').filter(({ child }) => child.patches.every((patch) => !patch.mirrored));
    expect(splits.length).toBeGreaterThan(5);
    for (const { parent, child } of splits) {
      if (parent.patches.some((patch) => patch.mirrored)) continue;
      expect(coveredPixels(child, DEFAULT_BOUNDS.frame)).toBe(coveredPixels(parent, DEFAULT_BOUNDS.frame));
      expect(child.patches).toHaveLength(parent.patches.length + 1);
    }
  });

  it('reaches every operator and network gene', () => {
    const parent = genomesOf(3)[0];
    const bounds = parseGenomeBounds({ classes: 7, maximumParameters: 1e6, maximumMacs: 1e9 });
    const changed = new Set<string>();
    for (let index = 0; index < 300; index++) {
      const child = mutateGenome(parent, bounds, randomStream('reach', index, 'mutation'));
      for (const gene of [
        'filters',
        'branches',
        'convolutions',
        'kernel',
        'head',
        'denseUnits',
        'dropout',
      ] as const) {
        if (String(child.network[gene]) !== String(parent.network[gene])) changed.add(gene);
      }
      if (child.network.filters.length !== parent.network.filters.length) changed.add('blocks');
      const step = child.patches.length - parent.patches.length;
      if (child.network === parent.network) changed.add(step > 0 ? 'more' : step < 0 ? 'fewer' : 'as many');
    }
    expect([...changed].sort()).toEqual(
      [
        'filters',
        'branches',
        'convolutions',
        'kernel',
        'head',
        'denseUnits',
        'dropout',
        'blocks',
        'more',
        'fewer',
        'as many',
      ].sort(),
    );
  });

  it('gives the parent back where the bounds leave no other genome', () => {
    const bounds = parseGenomeBounds({
      classes: 7,
      maximumPatches: 1,
      minimumSide: 48,
      maximumSide: 48,
      maximumFilters: 4,
      maximumDenseUnits: 8,
    });
    const parent = smallestGenome(bounds);
    const seen = new Set([genomeHash(parent)]);
    for (let index = 0; index < 200; index++) {
      seen.add(genomeHash(mutateGenome(parent, bounds, randomStream('narrow', index))));
    }
    // 3 rates of dropout, a block, a second convolution, a kernel, a head and the parent are all there is.
    expect(seen.size).toBe(8);
    const capped = { ...bounds, maximumParameters: parameterCount(toNetworkSpec(parent, bounds)) };
    const child = mutateGenome(parent, capped, randomStream('narrow'));
    expect(child.network.dropout).not.toBe(parent.network.dropout); // the one gene that costs nothing
  });

  it('makes a pair of two halves and two halves of a pair', () => {
    const patch: PatchGene = { dx: -12, dy: -10, width: 12, height: 10, mirrored: false };
    const network = randomGenome(DEFAULT_BOUNDS, randomStream('network')).network;
    const results = (mirrored: boolean) => {
      const parent = { patches: [{ ...patch, mirrored }], network };
      const children = Array.from({ length: 20 }, (_, index) => {
        return applyMutation('mirror', parent, DEFAULT_BOUNDS, randomStream('mirror', index));
      });
      return new Set(children.map((child) => child && `${child.patches[0].dx} ${child.patches[0].mirrored}`));
    };
    expect(results(false)).toEqual(new Set(['-12 true']));
    expect(results(true)).toEqual(new Set(['-12 false', '12 false']));
  });
});

describe('crossoverGenomes', () => {
  const roomy = parseGenomeBounds({
    classes: 7,
    maximumPatches: 32,
    maximumParameters: 1e7,
    maximumMacs: 1e9,
  });
  const parents = seeds.map((seed) =>
    [0, 1].map((which) => randomGenome(DEFAULT_BOUNDS, randomStream(seed, which))),
  );

  it('takes every gene from a parent, and what both have in common', () => {
    fc.assert(
      fc.property(parents, seeds, ([a, b], seed) => {
        const child = crossoverGenomes(a, b, roomy, randomStream(seed));
        for (const patch of child.patches) {
          expect([...a.patches, ...b.patches].some((other) => same(other, patch))).toBe(true);
        }
        for (const gene of ['convolutions', 'kernel', 'head', 'denseUnits', 'dropout'] as const) {
          expect([a.network[gene], b.network[gene]]).toContain(child.network[gene]);
        }
        const { branches } = child.network;
        if (child.patches.length > 1) expect([a.network.branches, b.network.branches]).toContain(branches);
        for (const [block, filters] of child.network.filters.entries()) {
          expect([a.network.filters[block], b.network.filters[block]]).toContain(filters);
        }
        expect(crossoverGenomes(a, a, roomy, randomStream(seed))).toEqual(a);
      }),
      { numRuns: 300 },
    );
  });

  it('mixes the patches of both parents', () => {
    const [a, b] = genomesOf(4);
    const children = Array.from({ length: 100 }, (_, index) =>
      crossoverGenomes(a, b, roomy, randomStream(index)),
    );
    const has = (child: Genome, parent: Genome) => {
      return child.patches.some((patch) => parent.patches.some((other) => same(patch, other)));
    };
    expect(children.filter((child) => has(child, a) && has(child, b)).length).toBeGreaterThan(30);
    expect(new Set(children.map((child) => JSON.stringify(child.patches))).size).toBeGreaterThan(10);
  });

  it('gives the same child for the same stream', () => {
    const [a, b] = [0, 1].map((index) => randomGenome(DEFAULT_BOUNDS, randomStream('pair', index)));
    const cross = (seed: string) => crossoverGenomes(a, b, DEFAULT_BOUNDS, randomStream(seed));
    expect(cross('one')).toEqual(cross('one'));
  });
});

/** Random genomes with a given number of patches. */
function genomesOf(patches: number): Genome[] {
  const genomes = Array.from({ length: 100 }, (_, index) => {
    return randomGenome(DEFAULT_BOUNDS, randomStream('patches', index));
  });
  return genomes.filter((genome) => genome.patches.length === patches);
}

function same(a: PatchGene, b: PatchGene): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
