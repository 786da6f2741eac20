import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNotWorse, type PairedDifference } from '../../src/core/comparison.ts';
import {
  describeDifference,
  describeSaving,
  describeVerdict,
  verdictOf,
} from '../../src/summary/difference.ts';

function differenceOf(low: number, high: number): PairedDifference {
  return { estimate: (low + high) / 2, interval95: [low, high], gained: 9, lost: 7, pValue: 0.0123 };
}

const end = fc.double({ min: -1, max: 1, noNaN: true });
const differences = fc.tuple(end, end).map(([a, b]) => differenceOf(Math.min(a, b), Math.max(a, b)));
const margins = fc.double({ min: 0, max: 1, noNaN: true });

describe('the verdict on a difference', () => {
  test.each<[[number, number], number | null, string]>([
    [
      [0.01, 0.03],
      0.02,
      'More accurate than the baseline: +2.0 points (95 %: +1.0 to +3.0; McNemar p = 0.012).',
    ],
    [
      [-0.01, 0.02],
      0.02,
      'Within 2 points of the baseline: +0.5 points (95 %: −1.0 to +2.0; McNemar p = 0.012).',
    ],
    [
      [-0.01, 0.05],
      0.02,
      'At most 2 points behind the baseline: +2.0 points (95 %: −1.0 to +5.0; McNemar p = 0.012).',
    ],
    [
      [-0.05, 0.01],
      0.01,
      'Not distinguishable from the baseline, but a loss of more than 1 point is not ruled out: −2.0 points (95 %: −5.0 to +1.0; McNemar p = 0.012).',
    ],
    [
      [-0.05, 0.01],
      null,
      'Not distinguishable from the baseline: −2.0 points (95 %: −5.0 to +1.0; McNemar p = 0.012).',
    ],
    [
      [-0.193, -0.049],
      0.02,
      'Less accurate than the baseline, by more than 2 points: −12.1 points (95 %: −19.3 to −4.9; McNemar p = 0.012).',
    ],
    [
      [-0.03, -0.01],
      0.02,
      'Less accurate than the baseline, perhaps by more than 2 points: −2.0 points (95 %: −3.0 to −1.0; McNemar p = 0.012).',
    ],
    [
      [-0.019, -0.001],
      0.02,
      'Less accurate than the baseline, by at most 2 points: −1.0 points (95 %: −1.9 to −0.1; McNemar p = 0.012).',
    ],
  ])('on %j with a margin of %d is a sentence', ([low, high], margin, sentence) => {
    expect(describeDifference(differenceOf(low, high), margin)).toBe(sentence);
  });

  test('is more or less accurate exactly where the interval leaves out zero', () => {
    fc.assert(
      fc.property(differences, fc.option(margins), (difference, margin) => {
        const [low, high] = difference.interval95;
        const verdict = verdictOf(difference, margin);
        expect(verdict === 'more accurate').toBe(low > 0);
        expect(verdict === 'less accurate').toBe(high < 0);
      }),
    );
  });

  test('is equivalent or not worse only where a loss of more than the margin is ruled out', () => {
    fc.assert(
      fc.property(differences, margins, (difference, margin) => {
        const verdict = verdictOf(difference, margin);
        const [low, high] = difference.interval95;
        if (verdict === 'equivalent')
          expect(Math.max(Math.abs(low), Math.abs(high))).toBeLessThanOrEqual(margin);
        if (verdict === 'equivalent' || verdict === 'not worse')
          expect(isNotWorse(difference, margin)).toBe(true);
        if (verdict === 'undecided') expect(isNotWorse(difference, margin)).toBe(false);
        const sentence = describeDifference(difference, margin);
        expect(/not ruled out|more than/.test(sentence)).toBe(
          verdict !== 'more accurate' && !isNotWorse(difference, margin),
        );
      }),
    );
  });

  test('is reversed when the two networks are swapped', () => {
    const opposite = { 'more accurate': 'less accurate', 'less accurate': 'more accurate' } as const;
    fc.assert(
      fc.property(differences, margins, (difference, margin) => {
        const [low, high] = difference.interval95;
        const verdict = verdictOf(difference, margin);
        const reversed = verdictOf(differenceOf(-high, -low), margin);
        if (verdict === 'equivalent') expect(reversed).toBe('equivalent');
        else if (verdict in opposite) expect(reversed).toBe(opposite[verdict as keyof typeof opposite]);
        else expect(['not worse', 'undecided']).toContain(reversed);
      }),
    );
  });

  test('names the other networks', () => {
    expect(describeVerdict('equivalent', '3 controls', 0.025)).toBe('within 2.5 points of 3 controls');
    expect(describeDifference(differenceOf(0.01, 0.03), null, 'the centre crop')).toMatch(
      /^More accurate than the centre crop: /,
    );
  });
});

test('a saving of parameters may be negative', () => {
  expect(describeSaving(48, 1000)).toBe('95.2 % fewer parameters');
  expect(describeSaving(1100, 1000)).toBe('10.0 % more parameters');
});
