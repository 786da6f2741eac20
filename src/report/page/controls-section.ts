import { type Html, html } from '../../core/html.ts';
import { CONTROL_NAMES, controlOutcomes } from '../../summary/control-outcomes.ts';
import {
  capitalize,
  formatCount,
  formatMillions,
  formatPoints,
  formatProbability,
  formatShare,
} from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { eachRun, section, table } from './parts.ts';

/** What the chosen genome had to beat. */
export function controlsSection(data: ReportData): Html | null {
  const content = eachRun(data, (run) => {
    const { controls, name } = run;
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
<p>${outcome(run)}</p>`;
  });
  return content && section('controls', 'Does the search earn its keep?', content);
}

function outcome(run: ReportRun): string {
  const outcomes = controlOutcomes(run).map(({ outcome: how, names }) => `${how} (${names})`);
  return `By the 95 % interval of each lead, the evolved patches are ${outcomes.join(', ')}.`;
}
