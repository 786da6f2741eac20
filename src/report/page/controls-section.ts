import { type Html, html } from '../../core/html.ts';
import type { ControlMeasurement } from '../../evolution/result.ts';
import {
  formatCount,
  formatMillions,
  formatPoints,
  formatProbability,
  formatShare,
} from '../../summary/format.ts';
import type { ReportData } from '../report-data.ts';
import { eachRun, section, table } from './parts.ts';

const NAMES: Readonly<Record<ControlMeasurement['control'], string>> = {
  'random-search': 'Random search of equal cost',
  'centre-crop': 'Centre crop',
  'uniform-grid': 'Uniform grid',
  'hand-placed': 'Eyes, brows and mouth by hand',
  'whole-face-macs': 'Whole face, same multiply-accumulates',
  'most-pixels': 'Random layout with the most pixels',
};

const SIGNIFICANCE = 0.05;

/** What the chosen genome had to beat. */
export function controlsSection(data: ReportData): Html | null {
  const content = eachRun(data, ({ controls, name }) => {
    if (controls.length === 0) return null;
    return html`${table(
      `Controls, trained by the same recipe${data.runs.length > 1 ? `, ${name}` : ''}`,
      [
        { title: 'control', align: 'left' },
        { title: 'accuracy' },
        { title: 'lead of the evolved, points' },
        { title: '95 % interval' },
        { title: 'McNemar' },
        { title: 'parameters' },
        { title: 'MACs' },
        { title: 'pixels' },
      ],
      controls.map(({ control, validationAccuracy, lead, parameters, macs, coveredPixels }) => [
        NAMES[control],
        formatShare(validationAccuracy),
        formatPoints(lead.estimate),
        lead.interval95.map(formatPoints).join(' to '),
        formatProbability(lead.pValue),
        formatCount(parameters),
        formatMillions(macs),
        formatCount(coveredPixels),
      ]),
    )}
<p>${outcome(controls)}</p>`;
  });
  return content && section('controls', 'Does the search earn its keep?', content);
}

function outcome(controls: readonly ControlMeasurement[]): string {
  const clear = controls.filter(({ lead }) => lead.pValue < SIGNIFICANCE);
  const list = (chosen: readonly ControlMeasurement[]) =>
    chosen.map(({ control }) => NAMES[control].toLowerCase()).join('; ');
  const parts = [
    ['more accurate than', clear.filter(({ lead }) => lead.estimate > 0)],
    ['less accurate than', clear.filter(({ lead }) => lead.estimate < 0)],
    ['too close to tell from', controls.filter(({ lead }) => lead.pValue >= SIGNIFICANCE)],
  ] as const;
  const told = parts.filter(([, chosen]) => chosen.length > 0);
  const sentences = told.map(
    ([how, chosen]) => `${how} ${chosen.length} of ${controls.length} (${list(chosen)})`,
  );
  return `The evolved patches are ${sentences.join(', ')}, each at p < ${SIGNIFICANCE} by itself.`;
}
