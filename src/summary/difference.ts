import { isNotWorse, type PairedDifference } from '../core/comparison.ts';
import { capitalize, formatPoints, formatProbability, formatShare } from './format.ts';

/** How a network compares with another one on the same faces. */
export type Verdict = 'more accurate' | 'equivalent' | 'not worse' | 'undecided' | 'less accurate';

/**
 * Judges a difference by its 95 % interval: above zero, "more accurate"; below zero, "less accurate"; around zero and within
 * the margin on both sides, "equivalent"; around zero and above −margin, "not worse"; else "undecided".
 *
 * @param margin the largest negligible difference of accuracy, 0 to 1; `null` where it is not known
 */
export function verdictOf(difference: PairedDifference, margin: number | null): Verdict {
  const [low, high] = difference.interval95;
  if (low > 0) return 'more accurate';
  if (high < 0) return 'less accurate';
  if (margin === null || !isNotWorse(difference, margin)) return 'undecided';
  return high <= margin ? 'equivalent' : 'not worse';
}

/** Words a verdict on the networks that `other` names, as in `within 2 points of the baseline`. */
export function describeVerdict(verdict: Verdict, other: string, margin: number | null): string {
  switch (verdict) {
    case 'more accurate':
      return `more accurate than ${other}`;
    case 'less accurate':
      return `less accurate than ${other}`;
    case 'equivalent':
      return `within ${marginText(margin)} of ${other}`;
    case 'not worse':
      return `at most ${marginText(margin)} behind ${other}`;
    case 'undecided':
      return `not distinguishable from ${other}`;
  }
}

/**
 * Describes a difference of accuracy in a sentence, as in `Less accurate than the baseline, by more than 2 points: −12.1 points
 * (95 %: −19.3 to −4.8; McNemar p = 0.002).`
 */
export function describeDifference(
  difference: PairedDifference,
  margin: number | null,
  other = 'the baseline',
): string {
  const { estimate, interval95, pValue } = difference;
  const verdict = verdictOf(difference, margin);
  const [low, high] = interval95.map(formatPoints);
  return (
    `${capitalize(describeVerdict(verdict, other, margin))}${lossAgainst(difference, verdict, margin)}: ` +
    `${formatPoints(estimate)} points (95 %: ${low} to ${high}; McNemar ${formatProbability(pValue)}).`
  );
}

/** Describes a saving, as in `95.2 % fewer parameters`. */
export function describeSaving(parameters: number, reference: number): string {
  const saved = 1 - parameters / reference;
  return `${formatShare(Math.abs(saved))} ${saved >= 0 ? 'fewer' : 'more'} parameters`;
}

/** Adds how the possible loss compares with the margin, where the verdict does not say it. */
function lossAgainst(difference: PairedDifference, verdict: Verdict, margin: number | null): string {
  if (margin === null) return '';
  const points = marginText(margin);
  if (verdict === 'undecided') return `, but a loss of more than ${points} is not ruled out`;
  if (verdict !== 'less accurate') return '';
  if (difference.interval95[1] < -margin) return `, by more than ${points}`;
  return isNotWorse(difference, margin) ? `, by at most ${points}` : `, perhaps by more than ${points}`;
}

function marginText(margin: number | null): string {
  const points = Number((100 * (margin ?? 0)).toFixed(1));
  return `${points} ${points === 1 ? 'point' : 'points'}`;
}
