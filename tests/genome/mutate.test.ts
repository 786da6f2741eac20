import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { parseGenomeBounds, smallestGenome } from '../../src/genome/bounds.ts';
import { crossoverGenomes } from '../../src/genome/crossover.ts';
import type { PatchGene } from '../../src/genome/genome.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { applyMutation, mutateGenome } from '../../src/genome/mutate.ts';
import type { NetworkGenes } from '../../src/genome/network-genes.ts';
import { GENOME_OPERATORS, type GenomeOperator, type Mutation } from '../../src/genome/operators.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { parameterCount } from '../../src/network/describe.ts';
import { ANY_PIXELS, anyBounds, DEFAULT_BOUNDS, NETWORK, seeds, WIDE_BOUNDS } from './arbitraries.ts';
import { expectInvariants } from './invariants.ts';

describe('long chains of mutations and crossovers', () => {
  it('keep every invariant, and each mutation changes something', () => {
    fc.assert(
      fc.property(anyBounds, seeds, (bounds, seed) => {
        const population = Array.from({ length: 4 }, (_, index) =>
          randomGenome(bounds, randomStream(seed, index)),
        );
        for (let round = 0; round < 40; round++) {
          const random = randomStream(seed, 'round', round);
          const parents = [random.pick(population), random.pick(population)];
          const { genome: child } = crossoverGenomes(parents[0], parents[1], bounds, random);
          expectInvariants(child, bounds);
          const { genome: mutant } = mutateGenome(child, bounds, random);
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
  it('reaches every operator and network gene, and names the operator', () => {
    const parent = randomGenome(WIDE_BOUNDS, randomStream('three patches', 6));
    const genes = new Set<string>();
    const operators = new Set<string | null>();
    for (let index = 0; index < 400; index++) {
      const { genome, operator } = mutateGenome(
        parent,
        WIDE_BOUNDS,
        randomStream('reach', index, 'mutation'),
      );
      operators.add(operator);
      if (operator === 'network') genes.add(`${changedGenes(parent.network, genome.network)}`);
    }
    const names = GENOME_OPERATORS.flatMap(({ kind, name }) => (kind === 'mutation' ? [name] : []));
    expect([...operators].sort()).toEqual(names.sort());
    expect([...genes].sort()).toEqual(Object.keys(NETWORK).sort());
  });

  it('draws operators by their weights', () => {
    const parent = randomGenome(WIDE_BOUNDS, randomStream('three patches', 6));
    const weighted = withWeights({ move: 1, network: 3 });
    const operators = Array.from({ length: 400 }, (_, index) => {
      return mutateGenome(parent, WIDE_BOUNDS, randomStream('weights', index), weighted).operator;
    });
    expect(new Set(operators)).toEqual(new Set(['move', 'network']));
    const moves = operators.filter((operator) => operator === 'move').length;
    expect(Math.abs(moves - 100)).toBeLessThan(40);
    const asked = () => mutateGenome(parent, DEFAULT_BOUNDS, randomStream('none'), withWeights({}));
    expect(asked).toThrow('weights');
  });

  it('gives the same child for the same stream', () => {
    fc.assert(
      fc.property(anyBounds, seeds, (bounds, seed) => {
        const parent = randomGenome(bounds, randomStream(seed));
        const mutate = () => mutateGenome(parent, bounds, randomStream(seed, 'mutation'));
        expect(mutate()).toEqual(mutate());
      }),
      { numRuns: 30 },
    );
  });

  it('returns the parent if the bounds allow no other genome', () => {
    const bounds = parseGenomeBounds({
      classes: 7,
      maximumPatches: 1,
      minimumSide: 48,
      maximumSide: 48,
      maximumFilters: 4,
      maximumDenseUnits: 8,
      ...ANY_PIXELS,
    });
    const parent = smallestGenome(bounds);
    const seen = new Set([genomeHash(parent)]);
    for (let index = 0; index < 200; index++) {
      seen.add(genomeHash(mutateGenome(parent, bounds, randomStream('narrow', index)).genome));
    }
    // 3 rates of dropout, a block, a second convolution, full ones, a kernel, a head, a pooling, a scale and the parent are all.
    expect(seen.size).toBe(10);
    const capped = { ...bounds, maximumParameters: parameterCount(toNetworkSpec(parent, bounds)) };
    const onlyNetwork = withWeights({ network: 1 });
    const { genome, operator } = mutateGenome(parent, capped, randomStream('narrow'), onlyNetwork);
    expect(operator).toBe('network');
    expect(['dropout', 'pooling']).toContain(changedGenes(parent.network, genome.network)[0]); // what costs nothing
    const moves = GENOME_OPERATORS.filter(({ name }) => name !== 'network');
    expect(mutateGenome(parent, capped, randomStream('narrow'), moves)).toEqual({
      genome: parent,
      operator: null,
    });
  });

  it('makes a pair of two halves and two halves of a pair', () => {
    const patch: PatchGene = { dx: -12, dy: -10, width: 12, height: 10, mirrored: false, scale: 1 };
    const network = randomGenome(DEFAULT_BOUNDS, randomStream('network')).network;
    const mirror = GENOME_OPERATORS.find(({ name }) => name === 'mirror') as Mutation;
    const results = (mirrored: boolean) => {
      const parent = { patches: [{ ...patch, mirrored }], network };
      const children = Array.from({ length: 20 }, (_, index) => {
        return applyMutation(mirror, parent, DEFAULT_BOUNDS, randomStream('mirror', index));
      });
      return new Set(children.map((child) => child && `${child.patches[0].dx} ${child.patches[0].mirrored}`));
    };
    expect(results(false)).toEqual(new Set(['-12 true']));
    expect(results(true)).toEqual(new Set(['-12 false', '12 false']));
  });
});

/** The shipped operators, with weight 0 where no other is given. */
function withWeights(weights: Readonly<Record<string, number>>): GenomeOperator[] {
  return GENOME_OPERATORS.map((operator) => ({ ...operator, weight: weights[operator.name] ?? 0 }));
}

/** Names of the network genes that differ. */
function changedGenes(before: NetworkGenes, after: NetworkGenes): string[] {
  const genes = Object.keys(before) as (keyof NetworkGenes)[];
  return genes.filter((gene) => JSON.stringify(before[gene]) !== JSON.stringify(after[gene]));
}
