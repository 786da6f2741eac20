import { expect, test } from 'vitest';
import { errorWeight, rankWeight } from '../../src/maps/weights.ts';

test('the first front weighs 1, the next ones 1/2 and 1/3', () => {
  expect([0, 1, 2].map(rankWeight)).toEqual([1, 1 / 2, 1 / 3]);
});

test('no error weighs 1, half the error of guessing 1/2, guessing and worse 0', () => {
  expect(errorWeight(0, 7)).toBe(1);
  expect(errorWeight(3 / 7, 7)).toBeCloseTo(0.5, 15);
  expect(errorWeight(6 / 7, 7)).toBeCloseTo(0, 15);
  expect(errorWeight(0.25, 2)).toBe(0.5);
  expect(errorWeight(0.9, 2)).toBe(0);
});
