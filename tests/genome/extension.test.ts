import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomStream } from '../../src/core/random.ts';
import { crossoverGenomes } from '../../src/genome/crossover.ts';
import { chromosome, type Gene } from '../../src/genome/gene.ts';
import { mutateGenome } from '../../src/genome/mutate.ts';
import {
  NETWORK,
  NETWORK_GENES,
  type NetworkBounds,
  type NetworkGenes,
} from '../../src/genome/network-genes.ts';
import { type Crossover, GENOME_OPERATORS, type Mutation } from '../../src/genome/operators.ts';
import { mirrorImage } from '../../src/genome/patches.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { dense, dropout, writeNetwork } from '../../src/network/notation.ts';
import { adaptedOperators } from '../../src/search/operator-rates.ts';
import { anyBounds, DEFAULT_BOUNDS, seeds, NETWORK as VALUES } from './arbitraries.ts';
import { expectInvariants } from './invariants.ts';

describe('a new gene, one record in the table', () => {
  const extraDropout: Gene<number, NetworkBounds> = {
    schema: z.number().min(0).max(0.5).default(0),
    smallest: () => 0,
    draw: (_bounds, random) => random.integer(1, 5) / 10,
    mutations: [{ weight: 1, change: (value) => 0.5 - value }],
    features: (value) => [value],
    summary: (value) => `, extra ${value}`,
    layers: (rate) => ({ extra: dropout(rate) }),
  };
  const genes = chromosome<NetworkGenes & { readonly extraDropout: number }, NetworkBounds>({
    ...NETWORK_GENES,
    extraDropout,
  });
  const before = genes.complete(VALUES);

  it('has its default if a genome lacks it, and is validated', () => {
    expect(before).toEqual({ ...VALUES, extraDropout: 0 });
    expect(genes.schema.safeParse({ ...VALUES, extraDropout: 0.6 }).success).toBe(false);
    expect(NETWORK.schema.safeParse({ ...VALUES, extraDropout: 0.1 }).success).toBe(false);
  });

  it('is drawn, changed and inherited', () => {
    const draws = Array.from({ length: 200 }, (_, index) => genes.draw(DEFAULT_BOUNDS, randomStream(index)));
    expect(new Set(draws.map((drawn) => drawn.extraDropout))).toEqual(new Set([0.1, 0.2, 0.3, 0.4, 0.5]));
    const changed = draws.map((_, index) => genes.mutate(before, DEFAULT_BOUNDS, randomStream(index)));
    expect(new Set(changed.map((values) => values.extraDropout))).toEqual(new Set([0, 0.5]));
    const children = draws.map((drawn, index) => genes.mix(before, drawn, randomStream(index)).extraDropout);
    expect(new Set(children)).toEqual(new Set([0, 0.1, 0.2, 0.3, 0.4, 0.5]));
  });

  it('reaches the surrogate, the reader and the network', () => {
    expect(genes.features({ ...before, extraDropout: 0.2 })).toHaveLength(
      NETWORK.features(VALUES).length + 1,
    );
    expect(genes.summary({ ...before, extraDropout: 0.2 })).toMatch(/, extra 0\.2$/);
    const drafts = genes.layers({ ...before, extraDropout: 0.2 });
    expect(writeNetwork('test', 12, 3, { dense: dense(3), ...drafts }).layers).toMatchObject([
      { kind: 'dense', name: 'dense' },
      { kind: 'dropout', name: 'dense.dropout', input: 'dense', rate: 0.1 },
      { kind: 'dropout', name: 'extra', input: 'dense.dropout', rate: 0.2 },
    ]);
  });
});

describe('new operators, each one record in the list', () => {
  const reflect: Mutation = {
    kind: 'mutation',
    name: 'reflect',
    weight: 2,
    apply: ({ patches, network }) => ({ patches: patches.map(mirrorImage), network }),
  };
  const takeFirst: Crossover = {
    kind: 'crossover',
    name: 'take-first',
    weight: 1,
    apply: (a, b) => ({ patches: a.patches, network: b.network }),
  };

  it('are drawn among the shipped ones, also at adaptive rates', () => {
    const parent = randomGenome(DEFAULT_BOUNDS, randomStream('three patches', 6));
    const credit = { reflect: { tries: 10, successes: 9 }, move: { tries: 90, successes: 1 } };
    const operators = adaptedOperators([...GENOME_OPERATORS, reflect, takeFirst], credit);
    const drawn = Array.from({ length: 100 }, (_, index) => {
      const random = randomStream('own', index);
      const crossed = crossoverGenomes(parent, parent, DEFAULT_BOUNDS, random, operators);
      return [crossed.operator, mutateGenome(parent, DEFAULT_BOUNDS, random, operators).operator];
    }).flat();
    expect(drawn.filter((name) => name === 'reflect').length).toBeGreaterThan(15);
    expect(drawn.filter((name) => name === 'take-first').length).toBeGreaterThan(15);
  });

  it('never leave the bounds, for any results', () => {
    const anyhow: Mutation = {
      ...reflect,
      apply: ({ patches, network }, _bounds, random) => ({
        patches: patches.map((patch) => ({ ...patch, dx: random.integer(-40, 40), width: 12 })),
        network: { ...network, denseUnits: 8 * random.integer(0, 20) },
      }),
    };
    const together: Crossover = {
      ...takeFirst,
      apply: (a, b, _bounds, random) => ({
        patches: [...a.patches, ...b.patches],
        network: { ...b.network, denseUnits: 8 * random.integer(0, 20) },
      }),
    };
    fc.assert(
      fc.property(anyBounds, seeds, (bounds, seed) => {
        const [a, b] = [0, 1].map((index) => randomGenome(bounds, randomStream(seed, index)));
        const random = randomStream(seed);
        const { genome } = crossoverGenomes(a, b, bounds, random, [together]);
        expectInvariants(genome, bounds);
        expectInvariants(mutateGenome(genome, bounds, random, [anyhow]).genome, bounds);
      }),
      { numRuns: 60 },
    );
  });
});
