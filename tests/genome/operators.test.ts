import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EvopatchError } from '../../src/core/errors.ts';
import { type RandomStream, randomStream } from '../../src/core/random.ts';
import { drawOperator, GENOME_OPERATORS, type GenomeOperator } from '../../src/genome/operators.ts';

const MUTATIONS = GENOME_OPERATORS.filter(({ kind }) => kind === 'mutation');

const weight = fc.oneof(
  fc.constant(0),
  fc.constantFrom(Number.MIN_VALUE, 1e-300, 1e300),
  fc.double({ min: 0, max: 10, noNaN: true }),
);
const weightedMutations = fc
  .tuple(...MUTATIONS.map(() => weight))
  .map((weights) => MUTATIONS.map((mutation, index) => ({ ...mutation, weight: weights[index] })));

/** The operators with these names and weights, and no others. */
function withWeights(weights: Readonly<Record<string, number>>): GenomeOperator[] {
  return Object.entries(weights).flatMap(([name, weight]) =>
    GENOME_OPERATORS.filter((operator) => operator.name === name).map((operator) => ({
      ...operator,
      weight,
    })),
  );
}

/** A stream whose one number is known. */
const streamOf = (number: number): RandomStream => ({ ...randomStream('rest'), uniform: () => number });

describe('drawOperator', () => {
  it('never draws an operator of weight 0 from any stream', () => {
    const numbers = fc.oneof(
      fc.constantFrom(0, 1 - 2 ** -53),
      fc.integer({ min: 0, max: 2 ** 53 - 1 }).map((bits) => bits / 2 ** 53),
    );
    fc.assert(
      fc.property(weightedMutations, numbers, (given, number) => {
        fc.pre(given.some((operator) => operator.weight > 0));
        expect(drawOperator('mutation', given, streamOf(number)).weight).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives each operator exactly its share of [0, 1)', () => {
    const given = withWeights({ move: 0, resize: 2, add: 1, network: 0, scale: 1 });
    const drawn = (number: number) => drawOperator('mutation', given, streamOf(number)).name;
    expect([0, 0.25, 0.5 - 2 ** -53].map(drawn)).toEqual(['resize', 'resize', 'resize']);
    expect([0.5, 0.75 - 2 ** -53].map(drawn)).toEqual(['add', 'add']);
    expect([0.75, 1 - 2 ** -53].map(drawn)).toEqual(['scale', 'scale']);
  });

  it('draws by the weights, and the same for the same stream', () => {
    const draw = () => {
      const random = randomStream('many draws');
      return Array.from({ length: 2000 }, () => drawOperator('mutation', GENOME_OPERATORS, random).name);
    };
    const draws = draw();
    expect(draw()).toEqual(draws);
    for (const { name, weight } of MUTATIONS) {
      const share = weight / 15;
      const deviation = Math.sqrt(2000 * share * (1 - share));
      const count = draws.filter((drawn) => drawn === name).length;
      expect(Math.abs(count - 2000 * share), name).toBeLessThan(4 * deviation);
    }
  });

  it('considers only operators of the requested kind', () => {
    const given = withWeights({ 'crossover-region': 0, 'crossover-list': 1, move: Number.NaN });
    expect(drawOperator('crossover', given, randomStream('list')).name).toBe('crossover-list');
  });

  it.each([
    ['all 0', 0, 0],
    ['a negative one', -1, 3],
    ['none at all', Number.NaN, 1],
    ['more than all numbers', 1e308, 1e308],
  ])('refuses weights that are %s', (_, region, list) => {
    const given = { 'crossover-region': region, 'crossover-list': list };
    expect(() => drawOperator('crossover', withWeights(given), randomStream('bad'))).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        data: { option: 'operators', given },
      }) as EvopatchError,
    );
  });
});
