import { describe, expect, it } from 'vitest';
import { contentHash } from '../../src/core/hash.ts';
import { randomStream } from '../../src/core/random.ts';
import { crossoverGenomes } from '../../src/genome/crossover.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { applyMutation, mutateGenome } from '../../src/genome/mutate.ts';
import { GENOME_OPERATORS } from '../../src/genome/operators.ts';
import { parseGenome } from '../../src/genome/parse-genome.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { summarizeGenome } from '../../src/genome/summarize.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { networkCost } from '../../src/network/describe.ts';
import { featuresOf } from '../../src/search/surrogate/features.ts';
import { BOUNDS } from './arbitraries.ts';

// The same seeds must give the same genomes, on every machine and in every release: a search depends on them to the byte.
const GOLDEN = {
  random: 'e90fcb1b95f2faf8d0a8df6c99e69b7c',
  mutations: 'ae420d1df050e0a1d85e44a36ed4e719',
  operators: 'aea3a96aee146c00ebea7756cb3e1a62',
  crossovers: '83c02e84ea669d684613242873115c62',
  features: '3ac060b0fff18a97861059c2562f9925',
  specs: 'a1e0fd59e05be305218866e5a40db62b',
};

const MUTATIONS = GENOME_OPERATORS.filter((operator) => operator.kind === 'mutation');
const cases = BOUNDS.flatMap((bounds, kind) =>
  Array.from({ length: 40 }, (_, index) => ({ bounds, kind, index })),
);
const genomes = cases.map(({ bounds, kind, index }) =>
  randomGenome(bounds, randomStream('golden', kind, index)),
);

const found: Record<keyof typeof GOLDEN, () => unknown> = {
  random: () => genomes.map((genome) => [genome, genomeHash(genome), summarizeGenome(genome)]),
  mutations: () =>
    cases.map(({ bounds }, index) => {
      let genome = genomes[index];
      const random = randomStream('golden mutations', index);
      return Array.from({ length: 12 }, () => {
        const mutated = mutateGenome(genome, bounds, random);
        genome = mutated.genome;
        return mutated;
      });
    }),
  operators: () =>
    cases.map(({ bounds }, index) =>
      MUTATIONS.map((operator) => {
        const random = randomStream('golden operators', index, operator.name);
        return [applyMutation(operator, genomes[index], bounds, random), random.uniform()];
      }),
    ),
  crossovers: () =>
    cases.map(({ bounds, kind, index }) => {
      const random = randomStream('golden crossovers', kind, index);
      const other = genomes[40 * kind + ((index + 1) % 40)];
      return [crossoverGenomes(genomes[40 * kind + index], other, bounds, random), random.uniform()];
    }),
  features: () =>
    cases.map(({ bounds }, index) => {
      const cost = networkCost(toNetworkSpec(genomes[index], bounds));
      return featuresOf(genomes[index], cost, bounds.frame);
    }),
  specs: () => cases.map(({ bounds }, index) => toNetworkSpec(parseGenome(genomes[index], bounds), bounds)),
};

describe('results of fixed seeds stay the same', () => {
  it.each(Object.keys(GOLDEN) as (keyof typeof GOLDEN)[])('%s', (name) => {
    expect(contentHash(found[name]()).slice(0, 32)).toBe(GOLDEN[name]);
  });
});
