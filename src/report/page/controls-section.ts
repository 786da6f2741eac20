import { type Html, html } from '../../core/html.ts';
import type { ControlMeasurement } from '../../evolution/result.ts';
import { CONTROL_NAMES, controlOutcomes, SIGNIFICANCE } from '../../summary/control-outcomes.ts';
import {
  capitalize,
  formatCount,
  formatMillions,
  formatPoints,
  formatProbability,
  formatShare,
} from '../../summary/format.ts';
import type { ReportData } from '../report-data.ts';
import { eachRun, section, table } from './parts.ts';

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
        capitalize(CONTROL_NAMES[control]),
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
  const outcomes = controlOutcomes(controls).map(
    ({ outcome: how, count, names }) => `${how} ${count} of ${controls.length} (${names})`,
  );
  return `The evolved patches are ${outcomes.join(', ')}, each at p < ${SIGNIFICANCE} by itself.`;
}
