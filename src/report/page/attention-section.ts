import { magma } from '../../charts/magma.ts';
import { type Html, html } from '../../core/html.ts';
import { heatUri } from '../pictures.ts';
import type { ReportData, ReportRun, RunAttention } from '../report-data.ts';
import { colorScale } from './color-scale.ts';
import { heatPicture } from './face-map.ts';
import { eachRun, section } from './parts.ts';

/** What hiding parts of the face costs the chosen network, over all classes and for each. */
export function attentionSection(data: ReportData): Html | null {
  const content = eachRun(data, (run, index) => {
    const { attention } = run;
    if (attention === null) return null;
    const { faces, square, step, perClass, grid } = attention;
    const shown = [
      { name: `all classes (${faces} faces)`, grid },
      ...perClass
        .filter(({ samples }) => samples > 0)
        .map((one) => ({ name: `${one.class} (${one.samples} faces)`, grid: one.grid })),
    ];
    return html`<p>A square of ${square}×${square} pixels slides over ${faces} validation faces, ${step} pixels at a time, and hides what is below it. Bright is where that makes the network worse: there it really uses what it reads. Each picture has a scale of its own, up to the figure below it; with so few faces a class it is rough.</p>
<div class="class-maps">${shown.map((one, place) => figure(run, index, place, one.name, one.grid))}</div>
${colorScale(`attention-scale-${index + 1}`, magma, 'rise of the loss where a place is hidden', '0', 'most')}`;
  });
  return content && section('attention', 'What the network uses', content);
}

function figure(
  run: ReportRun,
  index: number,
  place: number,
  name: string,
  grid: RunAttention['grid'],
): Html {
  const { size } = run.dataset.frame;
  const top = Math.max(...grid, Number.MIN_VALUE);
  const uri = heatUri(run, { size, values: Float64Array.from(grid) }, top, 'magma');
  const id = `attention-${index + 1}-${place + 1}`;
  return html`<figure>${heatPicture(run, index, uri, id, `What hiding each place costs: ${name}`)}<figcaption>${name}, up to ${top.toPrecision(2)} nats</figcaption></figure>`;
}
