import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  generationSize,
  ladderOf,
  plannedEvaluations,
  promotedCount,
  samplesSeen,
  startRung,
} from '../../src/search/ladder.ts';

const budgets = fc.record({
  samples: fc.integer({ min: 16, max: 40_000 }),
  epochs: fc.integer({ min: 1, max: 30 }),
  batchSize: fc.constantFrom(16, 64, 128),
});

describe('the ladder', () => {
  test('of FER2013 sees 6,666, then 20,000, then 60,000 samples', () => {
    const ladder = ladderOf({ samples: 20_000, epochs: 3, batchSize: 64 }, 24_402);
    expect(ladder).toEqual([
      { rows: 2222, epochs: 3 },
      { rows: 6666, epochs: 2 },
      { rows: 20_000, epochs: 2 },
    ]);
    expect([0, 1, 2].map((rung) => samplesSeen(ladder, -1, rung))).toEqual([6666, 19_998, 59_998]);
    expect(samplesSeen(ladder, 0, 2)).toBe(59_998 - 6666);
  });

  test('never shrinks, stays within the rows, and sees about what the budget says', () => {
    fc.assert(
      fc.property(budgets, fc.integer({ min: 16, max: 40_000 }), (budget, rows) => {
        const ladder = ladderOf(budget, rows);
        const most = Math.min(rows, budget.samples);
        expect(ladder.at(-1)?.rows).toBe(most);
        for (const [rung, { rows: here, epochs }] of ladder.entries()) {
          expect(epochs).toBeGreaterThanOrEqual(1);
          expect(here).toBeLessThanOrEqual(most);
          if (rung > 0) expect(here).toBeGreaterThanOrEqual(ladder[rung - 1].rows);
        }
        const seen = samplesSeen(ladder, -1, ladder.length - 1);
        expect(seen / (most * budget.epochs)).toBeGreaterThan(0.7);
        expect(seen / (most * budget.epochs)).toBeLessThan(1.5);
      }),
    );
  });

  test('has one rung where there is no budget for more', () => {
    expect(ladderOf({ samples: 64, epochs: 1, batchSize: 16 }, 64)).toEqual([{ rows: 64, epochs: 1 }]);
  });
});

test('late generations start one rung higher where there are three', () => {
  const plans = [{ from: 0, generations: 9 }];
  expect([0, 5, 6, 8].map((generation) => startRung(generation, plans, 3))).toEqual([0, 0, 1, 1]);
  expect(startRung(8, plans, 2)).toBe(0);
});

test('extending a run changes no generation before', () => {
  const plans = [
    { from: 0, generations: 9 },
    { from: 9, generations: 18 },
  ];
  const rungs = [5, 6, 8, 9, 11, 12, 17].map((generation) => startRung(generation, plans, 3));
  expect(rungs).toEqual([0, 1, 1, 0, 0, 1, 1]);
});

test('the first generation is three times as large where rungs are climbed and the loss is modelled', () => {
  const plan = { population: 16, topRung: 2, halving: true, surrogate: true };
  expect([0, 1].map((generation) => generationSize(generation, plan))).toEqual([48, 16]);
  for (const less of [{ topRung: 0 }, { halving: false }, { surrogate: false }]) {
    expect(generationSize(0, { ...plan, ...less })).toBe(16);
  }
});

test('the training runs of a generation can be counted beforehand', () => {
  const plans = [{ from: 0, generations: 9 }];
  const plan = { population: 16, plans, topRung: 2, halving: true, surrogate: false, repeats: 1 };
  expect(promotedCount(16)).toBe(6);
  expect(plannedEvaluations(0, plan)).toBe(16 + 6 + 2);
  expect(plannedEvaluations(8, plan)).toBe(16 + 6);
  expect(plannedEvaluations(0, { ...plan, repeats: 3 })).toBe(16 + 6 + 2);
  expect(plannedEvaluations(8, { ...plan, repeats: 3 })).toBe(16 + 6 + 2);
  expect(plannedEvaluations(0, { ...plan, halving: false })).toBe(16);
  expect(plannedEvaluations(0, { ...plan, surrogate: true })).toBe(48 + 16 + 6);
});
