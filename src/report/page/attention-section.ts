import { magma } from '../../charts/magma.ts';
import { type Html, html } from '../../core/html.ts';
import { heatUri } from '../pictures.ts';
import type { ClassGradients, ReportData, ReportRun } from '../report-data.ts';
import { colorScale } from './color-scale.ts';
import { heatPicture } from './face-map.ts';
import { eachRun, section } from './parts.ts';

/** What the chosen network uses, over all classes and for each: what hiding parts costs, and its gradients. */
export function attentionSection(data: ReportData): Html | null {
  const content = eachRun(data, (run, index) => {
    const { attention } = run;
    if (attention === null) return null;
    const { faces, square, step, gradients } = attention;
    const maps = (way: Way, shown: Shown) =>
      html`<div class="class-maps">${figures(run, index, way, shown)}</div>`;
    return html`<p>A square of ${square}×${square} pixels slides over ${faces} validation faces, ${step} pixels at a time, and hides what is below it. Bright is where that makes the network worse: there it really uses what it reads. Each picture has a scale of its own, up to the figure below it; with so few faces a class it is rough.</p>
${maps('hiding', attention)}
${colorScale(`attention-scale-${index + 1}`, magma, 'rise of the loss where a place is hidden', '0', 'most')}
<p class="other-way">Guided backpropagation asks another question, of ${gradients.faces} validation faces: which pixels would raise the score of the true class most. It draws single pixels where a square is coarse, but shows strong edges whether or not they matter: what hiding costs is the proof.</p>
${maps('gradients', gradients)}
${colorScale(`gradient-scale-${index + 1}`, magma, 'mean size of the guided gradient', '0', 'most')}`;
  });
  return content && section('attention', 'What the network uses', content);
}

const WAYS = {
  hiding: { title: 'What hiding each place costs', unit: ' nats' },
  gradients: { title: 'Guided gradients', unit: '' },
} as const;
type Way = keyof typeof WAYS;
type Shown = Pick<ClassGradients, 'faces' | 'grid' | 'perClass'>;

function figures(run: ReportRun, index: number, way: Way, { faces, grid, perClass }: Shown): Html[] {
  const { title, unit } = WAYS[way];
  const { size } = run.dataset.frame;
  const all = { class: 'all classes', samples: faces, grid };
  const shown = [all, ...perClass.filter(({ samples }) => samples > 0)];
  return shown.map(({ class: name, samples, grid: own }, place) => {
    const top = Math.max(...own, Number.MIN_VALUE);
    const uri = heatUri(run, { size, values: Float64Array.from(own) }, top, 'magma');
    const id = `${way}-${index + 1}-${place + 1}`;
    const caption = `${name} (${samples} faces)`;
    return html`<figure>${heatPicture(run, index, uri, id, `${title}: ${caption}`)}<figcaption>${caption}, up to ${top.toPrecision(2)}${unit}</figcaption></figure>`;
  });
}
