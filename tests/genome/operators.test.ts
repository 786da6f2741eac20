import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EvopatchError } from '../../src/core/errors.ts';
import { type RandomStream, randomStream } from '../../src/core/random.ts';
import {
  CROSSOVER_NAMES,
  DEFAULT_OPERATOR_WEIGHTS,
  drawOperator,
  MUTATION_NAMES,
  OPERATOR_NAMES,
} from '../../src/genome/operators.ts';

const weight = fc.oneof(
  fc.constant(0),
  fc.constantFrom(Number.MIN_VALUE, 1e-300, 1e300),
  fc.double({ min: 0, max: 10, noNaN: true }),
);
const weights = fc
  .tuple(...OPERATOR_NAMES.map(() => weight))
  .map((list) => Object.fromEntries(OPERATOR_NAMES.map((name, place) => [name, list[place]])))
  .map((record) => ({ ...DEFAULT_OPERATOR_WEIGHTS, ...record }));

/** A stream whose one number is known. */
const streamOf = (number: number): RandomStream => ({ ...randomStream('rest'), uniform: () => number });

describe('drawOperator', () => {
  it('never draws an operator of weight 0, whatever the stream gives', () => {
    const numbers = fc.oneof(
      fc.constantFrom(0, 1 - 2 ** -53),
      fc.integer({ min: 0, max: 2 ** 53 - 1 }).map((bits) => bits / 2 ** 53),
    );
    fc.assert(
      fc.property(weights, numbers, (given, number) => {
        fc.pre(MUTATION_NAMES.some((name) => given[name] > 0));
        expect(given[drawOperator(MUTATION_NAMES, given, streamOf(number))]).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives each operator its share of [0, 1), to the number', () => {
    const given = { ...DEFAULT_OPERATOR_WEIGHTS, move: 0, resize: 2, add: 1, network: 0, scale: 1 };
    const drawn = (number: number) =>
      drawOperator(['move', 'resize', 'add', 'network', 'scale'], given, streamOf(number));
    expect([0, 0.25, 0.5 - 2 ** -53].map(drawn)).toEqual(['resize', 'resize', 'resize']);
    expect([0.5, 0.75 - 2 ** -53].map(drawn)).toEqual(['add', 'add']);
    expect([0.75, 1 - 2 ** -53].map(drawn)).toEqual(['scale', 'scale']);
  });

  it('draws by the weights, and the same for the same stream', () => {
    const draw = () => {
      const random = randomStream('many draws');
      return Array.from({ length: 2000 }, () =>
        drawOperator(MUTATION_NAMES, DEFAULT_OPERATOR_WEIGHTS, random),
      );
    };
    const draws = draw();
    expect(draw()).toEqual(draws);
    for (const name of MUTATION_NAMES) {
      const share = DEFAULT_OPERATOR_WEIGHTS[name] / 15;
      const deviation = Math.sqrt(2000 * share * (1 - share));
      const count = draws.filter((drawn) => drawn === name).length;
      expect(Math.abs(count - 2000 * share), name).toBeLessThan(4 * deviation);
    }
  });

  it('looks only at the weights of those that it draws from', () => {
    const none = { 'crossover-region': 0, 'crossover-list': 1, move: Number.NaN };
    const given = { ...DEFAULT_OPERATOR_WEIGHTS, ...none };
    expect(drawOperator(CROSSOVER_NAMES, given, randomStream('list'))).toBe('crossover-list');
  });

  it.each([
    ['all 0', 0, 0],
    ['a negative one', -1, 3],
    ['none at all', Number.NaN, 1],
    ['more than all numbers', 1e308, 1e308],
  ])('refuses weights that are %s', (_, region, list) => {
    const given = { ...DEFAULT_OPERATOR_WEIGHTS, 'crossover-region': region, 'crossover-list': list };
    expect(() => drawOperator(CROSSOVER_NAMES, given, randomStream('bad'))).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        data: { option: 'weights', given },
      }) as EvopatchError,
    );
  });
});
