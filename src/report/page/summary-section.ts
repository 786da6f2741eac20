import { colorOf } from '../../charts/colors.ts';
import { type Html, html } from '../../core/html.ts';
import { patchParts } from '../../genome/patch-parts.ts';
import { findingText } from '../../summary/finding.ts';
import { formatCount, formatMillions, formatShare } from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { coverage, verdictOf } from '../verdict.ts';
import { patchPicture } from './face-map.ts';
import { runSuffix, section } from './parts.ts';

/** Shows the result of each run: the face with its patches, then the verdict and the figures. */
export function summarySection(data: ReportData): Html {
  return section(
    'summary',
    'The result',
    data.runs.map((run, index) => {
      return html`<div class="finding">${data.runs.length > 1 && html`<h3>${run.name}</h3>`}${bestFigure(data, run, index)}<div><p class="verdict">${verdictOf(run)}</p>
${run.best?.validationAccuracy != null && finding(run)}
${keyFigures(run)}
${
  run.notes.length > 0 &&
  html`<div class="notes"><p>Some of this run could not be read:</p><ul>${run.notes.map((note) => html`<li>${note}</li>`)}</ul></div>`
}</div></div>`;
    }),
  );
}

function finding({ controls }: ReportRun): Html {
  const { verdict, reason } = findingText(controls);
  return html`<p><strong>${verdict}:</strong> ${reason}</p>`;
}

function bestFigure(data: ReportData, run: ReportRun, index: number): Html | null {
  if (run.best === null) return null;
  const { genome, validationAccuracy } = run.best;
  const which = validationAccuracy === null ? 'best genome so far' : 'chosen network';
  const title = `What the ${which} reads, over the mean face${runSuffix(data, run)}`;
  return html`<figure class="best-map">
${patchPicture(run, index, genome.patches, `best-map-${index + 1}`, title)}
<figcaption>What the ${which} reads:${patchList(run)}</figcaption>
</figure>`;
}

/** Describes the patches beside their colours and numbers. */
function patchList({ best, dataset: { frame } }: ReportRun): Html {
  const patches = best?.genome.patches ?? [];
  return html`<ol class="patches">${patches.map((patch, number) => {
    const { width, height, mirrored, scale } = patch;
    const form = `${width}×${height}${mirrored ? ', and mirrored' : ''}${scale === 2 ? ', at half resolution' : ''}`;
    return html`<li>${swatch(number)} <strong>${patchParts(patch, frame)}</strong> ${form}</li>`;
  })}</ol>`;
}

/** Shows the colour of a patch with its number. */
export function swatch(index: number): Html {
  return html`<svg class="swatch" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="2" fill="${colorOf(index)}"/></svg> ${index + 1}`;
}

function keyFigures(run: ReportRun): Html | null {
  const { best, baseline, front } = run;
  if (best === null) return null;
  const against = (format: (value: number) => string, value: number | undefined) =>
    value !== undefined && html` <small>baseline ${format(value)}</small>`;
  const accuracy =
    best.validationAccuracy === null
      ? html`<dt>accuracy in the search</dt><dd>${front[0] === undefined ? '–' : formatShare(front[0].accuracy)} <small>after short training: not to be compared with a baseline trained in full</small></dd>`
      : html`<dt>accuracy</dt><dd>${formatShare(best.validationAccuracy)}${against(formatShare, baseline?.validationAccuracy)}</dd>`;
  const ofFace = (pixels: number) => formatShare(coverage(run, pixels));
  return html`<dl class="figures">
<div>${accuracy}</div>
<div><dt>parameters</dt><dd>${formatCount(best.parameters)}${against(formatMillions, baseline?.parameters)}</dd></div>
<div><dt>multiply-accumulates</dt><dd>${formatMillions(best.macs)}${against(formatMillions, baseline?.macs)}</dd></div>
<div><dt>pixels of the face</dt><dd>${ofFace(best.coveredPixels)}${against(ofFace, baseline?.coveredPixels)}</dd></div>
</dl>`;
}
