import { magma } from '../../charts/colors.ts';
import { type Html, html } from '../../core/html.ts';
import { heatUri } from '../pictures.ts';
import type { ClassGradients, ReportData, ReportRun } from '../report-data.ts';
import { colorScale } from './color-scale.ts';
import { heatPicture } from './face-map.ts';
import { eachRun, section } from './parts.ts';

/** Maps what the chosen network uses, overall and class by class: the rise of the loss where a part is hidden, and gradients. */
export function attentionSection(data: ReportData): Html | null {
  const content = eachRun(
    data,
    (run, index) => {
      const { attention } = run;
      if (attention === null) return null;
      const { gradients } = attention;
      const maps = (method: Method, shown: Shown) =>
        html`<div class="class-maps">${figures(run, index, method, shown)}</div>`;
      return html`${maps('hiding', attention)}
${colorScale(`attention-scale-${index + 1}`, magma, 'rise of the loss where a pixel is hidden', '0', 'max.')}
<details><summary>Pixel by pixel: guided backpropagation</summary>
<p>The pixels that would raise the score of the true class most, on ${gradients.faces} validation faces. Gradients also respond to strong edges that do not matter; the maps above are the evidence.</p>
${maps('gradients', gradients)}
${colorScale(`gradient-scale-${index + 1}`, magma, 'mean magnitude of the guided gradient', '0', 'max.')}
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
  return html`<p>A square of ${square}×${square} pixels slides over ${faces} validation faces, ${step} pixels at a time, and hides the pixels beneath it. The network really uses the bright areas: hiding them makes it worse. Each picture has its own scale; with few faces per class, it is only rough.</p>`;
}

const METHODS = {
  hiding: { title: 'Rise of the loss where each part is hidden', measure: 'the loss rises by up to' },
  gradients: { title: 'Guided gradients', measure: 'up to' },
} as const;
type Method = keyof typeof METHODS;
type Shown = Pick<ClassGradients, 'faces' | 'grid' | 'perClass'>;

function figures(run: ReportRun, index: number, method: Method, { faces, grid, perClass }: Shown): Html[] {
  const { title, measure } = METHODS[method];
  const { size } = run.dataset.frame;
  const all = { class: 'all classes', samples: faces, grid };
  const shown = [all, ...perClass.filter(({ samples }) => samples > 0)];
  return shown.map(({ class: name, samples, grid: own }, position) => {
    const maximum = Math.max(...own, Number.MIN_VALUE);
    const uri = heatUri(run, { size, values: Float64Array.from(own) }, maximum, 'magma');
    const id = `${method}-${index + 1}-${position + 1}`;
    const caption = `${name} (${samples} faces)`;
    return html`<figure>${heatPicture(run, index, uri, id, `${title}: ${caption}`)}<figcaption>${caption}: ${measure} ${maximum.toPrecision(2)}</figcaption></figure>`;
  });
}
