import { magma } from '../../charts/magma.ts';
import { type Html, html } from '../../core/html.ts';
import { heatUri } from '../pictures.ts';
import type { ClassGradients, ReportData, ReportRun } from '../report-data.ts';
import { colorScale } from './color-scale.ts';
import { heatPicture } from './face-map.ts';
import { eachRun, section } from './parts.ts';

/** What the chosen network uses, over all classes and for each: what hiding parts costs, and its gradients. */
export function attentionSection(data: ReportData): Html | null {
  const content = eachRun(
    data,
    (run, index) => {
      const { attention } = run;
      if (attention === null) return null;
      const { gradients } = attention;
      const maps = (way: Way, shown: Shown) =>
        html`<div class="class-maps">${figures(run, index, way, shown)}</div>`;
      return html`${maps('hiding', attention)}
${colorScale(`attention-scale-${index + 1}`, magma, 'rise of the loss where a place is hidden', '0', 'most')}
<details><summary>Pixel by pixel: guided backpropagation</summary>
<p>Which pixels would raise the score of the true class most, on ${gradients.faces} validation faces. It also shows strong edges that do not matter: what hiding costs is the proof.</p>
${maps('gradients', gradients)}
${colorScale(`gradient-scale-${index + 1}`, magma, 'mean size of the guided gradient', '0', 'most')}
</details>`;
    },
    explanation(data),
  );
  return content && section('attention', 'What the network uses', content);
}

function explanation({ runs }: ReportData): Html | null {
  const attention = runs.find((run) => run.attention !== null)?.attention;
  if (attention == null) return null;
  const { square, step, faces } = attention;
  return html`<p>A square of ${square}×${square} pixels slides over ${faces} validation faces, ${step} pixels at a time, and hides what is below it. Bright is where that makes the network worse: what it really uses. Each picture has a scale of its own; with few faces a class it is rough.</p>`;
}

const WAYS = {
  hiding: { title: 'What hiding each place costs', measure: 'the loss rises by up to' },
  gradients: { title: 'Guided gradients', measure: 'up to' },
} as const;
type Way = keyof typeof WAYS;
type Shown = Pick<ClassGradients, 'faces' | 'grid' | 'perClass'>;

function figures(run: ReportRun, index: number, way: Way, { faces, grid, perClass }: Shown): Html[] {
  const { title, measure } = WAYS[way];
  const { size } = run.dataset.frame;
  const all = { class: 'all classes', samples: faces, grid };
  const shown = [all, ...perClass.filter(({ samples }) => samples > 0)];
  return shown.map(({ class: name, samples, grid: own }, place) => {
    const top = Math.max(...own, Number.MIN_VALUE);
    const uri = heatUri(run, { size, values: Float64Array.from(own) }, top, 'magma');
    const id = `${way}-${index + 1}-${place + 1}`;
    const caption = `${name} (${samples} faces)`;
    return html`<figure>${heatPicture(run, index, uri, id, `${title}: ${caption}`)}<figcaption>${caption}: ${measure} ${top.toPrecision(2)}</figcaption></figure>`;
  });
}
