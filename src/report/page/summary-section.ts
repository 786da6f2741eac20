import { type Html, html } from '../../core/html.ts';
import { formatCount, formatMillions, formatPoints, formatShare } from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { coverage, verdictOf } from '../verdict.ts';
import { eachRun, section } from './parts.ts';

export function summarySection(data: ReportData): Html {
  return section(
    'summary',
    'What was found',
    eachRun(
      data,
      (run) => html`<p class="verdict">${verdictOf(run)}</p>
${run.control && html`<p>${controlSentence(run)}</p>`}
${keyFigures(run)}
${
  run.notes.length > 0 &&
  html`<div class="notes"><p>Not everything of this run could be read:</p><ul>${run.notes.map((note) => html`<li>${note}</li>`)}</ul></div>`
}`,
    ),
  );
}

function controlSentence({ control, best }: ReportRun): string {
  if (control === null || best?.validationAccuracy == null) return '';
  const difference = formatPoints(best.validationAccuracy - control.validationAccuracy);
  return (
    `The whole face, read by a network of the same kind with as many parameters, reaches ` +
    `${formatShare(control.validationAccuracy)}: the patches differ from it by ${difference} points while they read ` +
    `fewer pixels and cost ${formatMillions(best.macs)} multiply-accumulates a face instead of ${formatMillions(control.macs)}.`
  );
}

function keyFigures(run: ReportRun): Html | null {
  const { best, baseline, front } = run;
  if (best === null) return null;
  const accuracy = best.validationAccuracy ?? front[0]?.accuracy;
  const against = (value: string | undefined) =>
    value !== undefined && html` <small>baseline ${value}</small>`;
  return html`<dl class="figures">
<div><dt>${best.validationAccuracy === null ? 'accuracy so far' : 'accuracy'}</dt><dd>${
    accuracy === undefined ? '–' : formatShare(accuracy)
  }${against(baseline === null ? undefined : formatShare(baseline.validationAccuracy))}</dd></div>
<div><dt>parameters</dt><dd>${formatCount(best.parameters)}${against(baseline === null ? undefined : formatMillions(baseline.parameters))}</dd></div>
<div><dt>multiply-accumulates</dt><dd>${formatMillions(best.macs)}${against(baseline === null ? undefined : formatMillions(baseline.macs))}</dd></div>
<div><dt>pixels read</dt><dd>${formatShare(coverage(run, best.coveredPixels))}${against(baseline === null ? undefined : formatShare(coverage(run, baseline.coveredPixels)))}</dd></div>
</dl>`;
}
