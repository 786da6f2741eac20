import { expect, test } from 'vitest';
import { chooseBest, pickFinalists, type Trained } from '../../src/evolution/finals.ts';
import type { Finalist } from '../../src/evolution/result.ts';
import type { Individual } from '../../src/evolution/search-state.ts';

const member = (parameters: number) => ({ parameters }) as Individual;
const picks = (sizes: number[], count: number) =>
  pickFinalists(sizes.map(member), count).map(({ parameters }) => parameters);

test('half of the finalists are the most exact genomes, the others shrink by a quarter at least', () => {
  expect(picks([100, 99, 76, 75, 60, 56, 20, 2], 4)).toEqual([100, 99, 60, 20]);
  expect(picks([100, 99, 76, 75, 60, 56, 20, 2], 3)).toEqual([100, 99, 60]);
  expect(picks([100, 99, 76, 75, 60, 56, 20, 2], 1)).toEqual([100]);
  expect(picks([100, 76, 75, 74], 8)).toEqual([100, 76, 75, 74]);
  expect(picks([7], 5)).toEqual([7]);
});

function trained(parameters: number, validationAccuracy: number, notWorse?: boolean): Trained<Finalist> {
  const tie = { estimate: 0, interval95: [0, 0], gained: 0, lost: 0, pValue: 1 };
  const difference = notWorse === undefined ? null : { ...tie, notWorse };
  return { measurement: { parameters, validationAccuracy, difference } } as Trained<Finalist>;
}

test('the best is the smallest that is not worse than the baseline', () => {
  const small = trained(10, 0.7, true);
  const finalists = [trained(40, 0.9, true), small, trained(5, 0.6, false)];
  expect(chooseBest(finalists)).toBe(small);
  expect(chooseBest([...finalists].reverse())).toBe(small);
});

test('the best is the most accurate where all are worse or there is no baseline, of equals the smallest', () => {
  const accurate = trained(20, 0.8, false);
  expect(chooseBest([trained(40, 0.8, false), accurate, trained(10, 0.7, false)])).toBe(accurate);
  const unrivalled = trained(20, 0.8);
  expect(chooseBest([trained(40, 0.8), unrivalled, trained(10, 0.7)])).toBe(unrivalled);
  expect(chooseBest([])).toBeUndefined();
});
