import { FACE_REGIONS } from '../landmarks/face-regions.ts';
import type { Subgroup, SubgroupGap, Subgroups } from '../saliency/subgroups.ts';
import { formatCount, formatPoints, formatProbability, formatShare } from './format.ts';
import { formatTable } from './table.ts';

/** Formats subgroups as tables, with the largest gap in a sentence and warnings. */
export function describeSubgroups({ by, groups, gap, warnings }: Subgroups): string {
  const scores = formatTable(
    [
      { title: by, align: 'left' },
      { title: 'faces' },
      { title: 'accuracy' },
      { title: '95 %' },
      { title: 'balanced' },
      { title: 'loss' },
    ],
    groups.map(({ name, samples, accuracy, interval95, balancedAccuracy, loss, few }) => [
      few ? `${name} (few)` : name,
      formatCount(samples),
      formatShare(accuracy),
      interval95.map((end) => (100 * end).toFixed(1)).join('–'),
      formatShare(balancedAccuracy),
      loss.toFixed(3),
    ]),
  );
  const hasAttention = groups.some(({ attention }) => attention !== undefined);
  const sections = [scores, ...(hasAttention ? [attentionTable(by, groups)] : []), describeGap(gap)];
  return [sections.join('\n\n'), ...warnings.map((warning) => `Note: ${warning}.`)].join('\n');
}

function attentionTable(by: string, groups: readonly Subgroup[]): string {
  return formatTable(
    [{ title: `${by}: looks at`, align: 'left' }, ...FACE_REGIONS.map((title) => ({ title }))],
    groups.map(({ name, attention }) => [
      name,
      ...FACE_REGIONS.map((_, index) => (attention ? formatShare(attention[index].share) : '–')),
    ]),
  );
}

/** Describes the largest gap in a sentence. */
export function describeGap(gap: SubgroupGap | null): string {
  if (gap === null) return 'No gap: fewer than two groups have enough faces.';
  const { best, worst, estimate, interval95, pValue } = gap;
  const [low, high] = interval95.map(formatPoints);
  return (
    `Largest gap: ${best} over ${worst} by ${formatPoints(estimate)} points (95 %: ${low} to ${high}); ` +
    `permutation within classes ${formatProbability(pValue)}.`
  );
}
