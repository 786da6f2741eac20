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
    const top = Math.max(...perClass.flatMap((one) => one.grid), ...grid, Number.MIN_VALUE);
    return html`<p>A square of ${square}×${square} pixels slides over ${faces} validation faces, ${step} pixels at a time, and hides what is below it. Bright is where that makes the network worse: there it really uses what it reads. Each picture has the scale below. With about ${Math.round(faces / Math.max(perClass.length, 1))} faces a class the single pictures are rough.</p>
<div class="class-maps">${[
      figure(run, index, 'all', 'all classes', grid, top),
      ...perClass.map((one, label) =>
        one.samples === 0
          ? null
          : figure(run, index, `${label + 1}`, `${one.class} (${one.samples} faces)`, one.grid, top),
      ),
    ]}</div>
${colorScale(`attention-scale-${index + 1}`, magma, 'rise of the loss, nats', '0', top.toPrecision(2))}`;
  });
  return content && section('attention', 'What the network uses', content);
}

function figure(
  run: ReportRun,
  index: number,
  part: string,
  name: string,
  grid: RunAttention['grid'],
  top: number,
): Html {
  const { size } = run.dataset.frame;
  const uri = heatUri(run, { size, values: Float64Array.from(grid) }, top, 'magma');
  const id = `attention-${index + 1}-${part}`;
  return html`<figure>${heatPicture(run, index, uri, id, `What hiding each place costs: ${name}`)}<figcaption>${name}</figcaption></figure>`;
}
