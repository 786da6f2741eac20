import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_OPERATOR_WEIGHTS, OPERATOR_NAMES, type OperatorName } from '../../src/genome/operators.ts';
import { adaptedWeights, creditAfter, type OperatorCredit } from '../../src/search/operator-rates.ts';

const made = (...operators: OperatorName[]) => ({ operators });

test('operators are credited with the children that enter the front, and old credit fades', () => {
  const children = [made('move'), made('move', 'crossover-list'), made('split')];
  const first = creditAfter({}, children, ({ operators }) => operators.length === 2);
  expect(first).toEqual({
    move: { tries: 2, successes: 1 },
    split: { tries: 1, successes: 0 },
    'crossover-list': { tries: 1, successes: 1 },
  });
  const second = creditAfter(first, [made('split')], () => true);
  expect(second.move).toEqual({ tries: 1.8, successes: 0.9 });
  expect(second.split).toEqual({ tries: 1.9, successes: 1 });
});

test('weights follow success and never fall below a quarter', () => {
  expect(adaptedWeights(DEFAULT_OPERATOR_WEIGHTS, {})).toEqual(DEFAULT_OPERATOR_WEIGHTS);
  const credit = { move: { tries: 100, successes: 40 }, split: { tries: 100, successes: 0 } };
  const weights = adaptedWeights(DEFAULT_OPERATOR_WEIGHTS, credit);
  expect(weights.move / DEFAULT_OPERATOR_WEIGHTS.move).toBeGreaterThan(1.8);
  expect(weights.split / DEFAULT_OPERATOR_WEIGHTS.split).toBe(0.25);
  expect(weights.add).toBeCloseTo(DEFAULT_OPERATOR_WEIGHTS.add, 12); // never tried: the common rate
});

test('weights stay positive and finite whatever happened', () => {
  const one = fc.nat(50).chain((tries) => fc.record({ tries: fc.constant(tries), successes: fc.nat(tries) }));
  const anyCredit = fc.dictionary(fc.constantFrom(...OPERATOR_NAMES), one) as fc.Arbitrary<OperatorCredit>;
  fc.assert(
    fc.property(anyCredit, (credit) => {
      const weights = adaptedWeights(DEFAULT_OPERATOR_WEIGHTS, credit);
      for (const name of OPERATOR_NAMES) {
        expect(weights[name]).toBeGreaterThanOrEqual(DEFAULT_OPERATOR_WEIGHTS[name] * 0.25);
        expect(weights[name]).toBeLessThan(1e6);
      }
    }),
  );
});
