import { type Html, html } from '../../core/html.ts';
import { genomeParts } from '../../genome/patch-parts.ts';
import type { Finalist } from '../../run/result.ts';
import { describeDifference } from '../../summary/difference.ts';
import { formatAccuracy, formatCount, formatMillions, formatShare } from '../../summary/format.ts';
import { type SizeStep, sizeLadder } from '../../summary/size-ladder.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { finalistCommands } from '../reproduce.ts';
import { coverage } from '../verdict.ts';
import { patchPicture } from './face-map.ts';
import { eachRun, facts, section } from './parts.ts';
import { ladderChart, type Measure } from './sizes-chart.ts';

const WIDTH = 200;
const HEIGHT = 36;
/** Accuracies are rounded outwards to these steps at the ends of the scale. */
const STEP = 0.05;

/** Maps an accuracy to a position, 0 to `WIDTH`. */
type Scale = (accuracy: number) => number;

/** Shows the most accurate network of each size; each opens to its patches and figures. */
export function sizesSection(data: ReportData): Html | null {
  const content = eachRun(data, (run, index) => {
    if (run.finalists.length === 0) return null;
    const { pixels, parameters } = sizeLadder(run.finalists, run.dataset.frame);
    const scale = scaleOf(run, [...pixels, ...parameters]);
    const group = (
      title: string,
      name: Measure,
      label: (limit: number) => string,
      steps: readonly SizeStep[],
    ) =>
      html`<div><h3>${title}</h3>${ladderChart(run, index, name, steps)}${steps.map((step, place) => {
        const id = `${name}-${index + 1}-${place + 1}`;
        return stepEntry(run, index, id, `${name}-${index + 1}`, label(step.limit), step, scale);
      })}</div>`;
    return html`<div class="sizes">
${group('By share of the face', 'pixels', (limit) => `up to ${formatShare(limit, { digits: 0 })}`, pixels)}
${group('By parameters', 'parameters', (limit) => `up to ${formatCount(limit)}`, parameters)}
</div>`;
  });
  return (
    content &&
    section(
      'sizes',
      'How small can it be?',
      html`<p>The most accurate of the networks trained in full, up to each size, with its 95 % interval; the band is the baseline's. A size holds if its network is not worse than the baseline by more than the margin of the run. The ring marks the chosen network, grey dots are the others. Open a size or select a mark to see what its network reads.</p>${content}`,
    )
  );
}

function stepEntry(
  run: ReportRun,
  index: number,
  id: string,
  name: string,
  label: string,
  { finalist, holds }: SizeStep,
  scale: Scale,
): Html {
  if (finalist === null) {
    return html`<p class="size"><span>${label}</span><span class="none">no network as small</span></p>`;
  }
  const isChosen = finalist.hash === run.best?.hash;
  const status = isChosen ? 'chosen' : holds && 'holds';
  const commands = finalistCommands(run, finalist.hash);
  return html`<details name="${name}"><summary class="${isChosen ? 'size chosen' : 'size'}"><span>${label}${status && html` <small>${status}</small>`}</span>${mark(run, finalist, scale)}<span class="value">${formatShare(finalist.validationAccuracy)}</span></summary>
<div class="network-of-size" id="${id}-network">${patchPicture(run, index, finalist.genome.patches, id, `What the network reads, ${label}`)}
${figures(run, finalist)}
${commands?.map((command) => html`<pre>${command}</pre>`)}</div></details>`;
}

/** Draws the accuracy with its interval over the band of the baseline. */
function mark({ baseline }: ReportRun, { validationAccuracy, interval95 }: Finalist, scale: Scale): Html {
  const [low, high] = interval95.map(scale);
  const band = baseline?.interval95.map(scale);
  return html`<svg class="dot-plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true" preserveAspectRatio="none">${
    band && html`<rect class="band" x="${band[0]}" y="0" width="${band[1] - band[0]}" height="${HEIGHT}"/>`
  }<path class="whisker" d="M${low} ${HEIGHT / 2}H${high}"/><rect class="dot" x="${scale(validationAccuracy) - 3}" y="${HEIGHT / 2 - 4}" width="6" height="8" rx="2"/></svg>`;
}

function figures(run: ReportRun, finalist: Finalist): Html {
  const { genome, coveredPixels, difference } = finalist;
  const share = formatShare(coverage(run, coveredPixels));
  return facts([
    ['reads', genomeParts(genome, run.dataset.frame)],
    ['accuracy (95 %)', formatAccuracy(finalist)],
    ...(difference ? [['verdict', describeDifference(difference, run.margin)] as const] : []),
    ['pixels', `${formatCount(coveredPixels)} (${share} of the face)`],
    ['parameters', formatCount(finalist.parameters)],
    ['multiply-accumulates', formatMillions(finalist.macs)],
  ]);
}

/** Makes the scale on which all intervals that are shown fit. */
function scaleOf({ baseline }: ReportRun, steps: readonly SizeStep[]): Scale {
  const shown = [baseline, ...steps.map(({ finalist }) => finalist)];
  const ends = shown.flatMap((measured) => measured?.interval95 ?? []);
  const minimum = STEP * Math.floor(Math.min(...ends) / STEP);
  const maximum = STEP * Math.ceil(Math.max(...ends) / STEP);
  return (accuracy) => Math.round((10 * WIDTH * (accuracy - minimum)) / (maximum - minimum)) / 10;
}
