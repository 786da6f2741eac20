import { type Html, html } from '../../core/html.ts';
import { controlName, leadTexts } from '../../summary/controls.ts';
import { describeFinding } from '../../summary/finding.ts';
import { capitalize, formatCount, formatMillions, formatShare } from '../../summary/format.ts';
import type { ReportData } from '../report-data.ts';
import { eachRun, runSuffix, section, table } from './parts.ts';

/** Compares the chosen genome with the controls. */
export function controlsSection(data: ReportData): Html | null {
  const content = eachRun(data, (run) => {
    const { controls } = run;
    if (controls.length === 0) return null;
    return html`<p>${describeFinding(controls)}</p>
${table(
  `Controls, trained by the recipe of the patches${runSuffix(data, run)}`,
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
  controls.map((control) => [
    capitalize(controlName(control)),
    formatShare(control.validationAccuracy),
    ...leadTexts(control),
    formatCount(control.parameters),
    formatMillions(control.macs),
    formatCount(control.coveredPixels),
  ]),
)}`;
  });
  return content && section('controls', 'Did the search beat simpler choices?', content);
}
