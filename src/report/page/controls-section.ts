import { type Html, html } from '../../core/html.ts';
import { CONTROL_NAMES, controlOutcomes } from '../../summary/controls.ts';
import {
  capitalize,
  formatCount,
  formatMillions,
  formatPoints,
  formatProbability,
  formatShare,
} from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';

/** Compares the chosen genome with the controls. */
export function controlsSection(data: ReportData): Html | null {
  const content = eachRun(data, (run) => {
    const { furtherControls: controls } = run;
    if (controls.length === 0) return null;
    return html`${table(
      `Controls, trained with the same recipe${runSuffix(data, run)}`,
      [
        { title: 'control', align: 'left' },
        { title: 'accuracy' },
        { title: 'lead of the patches, points' },
        { title: '95 % interval' },
        { title: 'p (McNemar)' },
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
  return content && section('controls', 'Did the search beat simpler choices?', content);
}

function outcome(run: ReportRun): string {
  const outcomes = controlOutcomes(run).map(({ outcome: how, names }) => `${how} (${names})`);
  return `By the 95 % interval of each lead, the evolved patches are ${outcomes.join(', ')}.`;
}
