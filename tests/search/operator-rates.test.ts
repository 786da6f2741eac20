import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GENOME_OPERATORS } from '../../src/genome/operators.ts';
import { adaptedOperators, creditAfter, type OperatorCredit } from '../../src/search/operator-rates.ts';

const made = (...operators: string[]) => ({ operators });

/** By what each operator's weight is multiplied. */
function factorsBy(credit: OperatorCredit): Record<string, number> {
  const adapted = adaptedOperators(GENOME_OPERATORS, credit);
  return Object.fromEntries(
    adapted.map(({ name, weight }, index) => [name, weight / GENOME_OPERATORS[index].weight]),
  );
}

test('operators are credited with the children that enter the front, and old credit fades', () => {
  const children = [made('move'), made('move', 'crossover-list'), made('split')];
  const first = creditAfter({}, children, [children[1]], GENOME_OPERATORS);
  expect(first).toEqual({
    move: { tries: 2, successes: 1 },
    split: { tries: 1, successes: 0 },
    'crossover-list': { tries: 1, successes: 1 },
  });
  const second = creditAfter(first, [made('split')], [made('split')], GENOME_OPERATORS);
  expect(second.move).toEqual({ tries: 1.8, successes: 0.9 });
  expect(second.split).toEqual({ tries: 1.9, successes: 1 });
  expect(creditAfter(first, [], [], GENOME_OPERATORS, 0.5).move).toEqual({ tries: 1.9, successes: 0.95 });
});

test('weights follow success and never fall below a quarter', () => {
  expect(adaptedOperators(GENOME_OPERATORS, {})).toEqual(GENOME_OPERATORS);
  const credit = { move: { tries: 100, successes: 40 }, split: { tries: 100, successes: 0 } };
  const factors = factorsBy(credit);
  expect(factors.move).toBeGreaterThan(1.8);
  expect(factors.split).toBe(0.25);
  expect(factors.add).toBeCloseTo(1, 12); // never tried: the common rate
});

test('weights stay positive and finite whatever happened', () => {
  const one = fc.nat(50).chain((tries) => fc.record({ tries: fc.constant(tries), successes: fc.nat(tries) }));
  const names = GENOME_OPERATORS.map(({ name }) => name);
  const anyCredit: fc.Arbitrary<OperatorCredit> = fc.dictionary(fc.constantFrom(...names), one);
  fc.assert(
    fc.property(anyCredit, (credit) => {
      for (const factor of Object.values(factorsBy(credit))) {
        expect(factor).toBeGreaterThanOrEqual(0.25);
        expect(factor).toBeLessThan(1e6);
      }
    }),
  );
});
