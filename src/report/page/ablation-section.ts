import { colorOf } from '../../charts/palette.ts';
import { type Html, html } from '../../core/html.ts';
import { formatCount, formatPoints, formatProbability, formatShare } from '../../summary/format.ts';
import type { ReportData } from '../report-data.ts';
import { eachRun, section, table } from './parts.ts';

/** What each patch is worth. */
export function ablationSection(data: ReportData): Html | null {
  const content = eachRun(data, ({ attention, name }) => {
    if (attention === null) return null;
    const { samples, whole, without, none } = attention.ablation;
    const hidden = [
      ...without.map((one, index) => ({
        ...one,
        label: label(index, one.patch),
        own: formatCount(one.ownPixels),
      })),
      { ...none, label: 'all patches hidden', own: '' },
    ];
    return html`${table(
      `Accuracy on ${formatCount(samples)} validation faces without one patch; ${formatShare(whole)} with all${
        data.runs.length > 1 ? ` (${name})` : ''
      }`,
      [
        { title: 'without', align: 'left' },
        { title: 'accuracy' },
        { title: 'change, points' },
        { title: '95 % interval' },
        { title: 'McNemar' },
        { title: 'pixels of its own' },
      ],
      hidden.map(({ label: title, accuracy, difference, own }) => [
        title,
        formatShare(accuracy),
        formatPoints(difference.estimate),
        difference.interval95.map(formatPoints).join(' to '),
        formatProbability(difference.pValue),
        own,
      ]),
    )}
<p>A hidden patch shows what it shows on average. The network is not trained anew, so this is what it uses, not what could be had without the patch; where patches overlap, the others lose the common pixels too.</p>`;
  });
  return content && section('ablation', 'What each patch is worth', content);
}

function label(index: number, patch: string): Html {
  return html`<svg class="swatch" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="2" fill="${colorOf(index)}"/></svg> ${index + 1}: ${patch}`;
}
