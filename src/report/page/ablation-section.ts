import { type Html, html } from '../../core/html.ts';
import { patchParts } from '../../genome/patch-parts.ts';
import { formatCount, formatPoints, formatProbability, formatShare } from '../../summary/format.ts';
import type { ReportData } from '../report-data.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';
import { swatch } from './summary-section.ts';

/** Shows the accuracy of the chosen network without each of its patches. */
export function ablationSection(data: ReportData): Html | null {
  const content = eachRun(
    data,
    (run) => {
      const { attention, best, dataset } = run;
      if (attention === null) return null;
      const { samples, whole, without, none } = attention.ablation;
      const hidden = [
        ...without.map((one, index) => ({
          ...one,
          label: html`${swatch(index)}: ${best === null ? one.patch : patchParts(best.genome.patches[index], dataset.frame)}`,
          own: formatCount(one.ownPixels),
        })),
        { ...none, label: 'all patches', own: '' },
      ];
      return html`${table(
        `Accuracy on ${formatCount(samples)} validation faces without one patch; ${formatShare(whole)} with all${runSuffix(data, run)}`,
        [
          { title: 'without', align: 'left' },
          { title: 'accuracy' },
          { title: 'change, points' },
          { title: '95 % interval' },
          { title: 'p (McNemar)' },
          { title: 'own pixels' },
        ],
        hidden.map(({ label: title, accuracy, difference, own }) => [
          title,
          formatShare(accuracy),
          formatPoints(difference.estimate),
          difference.interval95.map(formatPoints).join(' to '),
          formatProbability(difference.pValue),
          own,
        ]),
      )}`;
    },
    html`<p>Hiding a patch replaces its pixels by their mean over the faces; where patches overlap, the others lose the shared pixels too. The network is not retrained, so this shows what it uses, not what a network without the patch could reach.</p>`,
  );
  return content && section('ablation', 'What each patch contributes', content);
}
