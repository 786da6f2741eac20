import { viridis } from '../../charts/colors.ts';
import { type Html, html } from '../../core/html.ts';
import { frontGrid, heatUri } from '../pictures.ts';
import type { ReportData, ReportFrame, ReportRun } from '../report-data.ts';
import { colorScale } from './color-scale.ts';
import { heatPicture } from './face-map.ts';
import { section } from './parts.ts';

/** Shows where the front looked after each generation: small pictures side by side, or, with scripts, a large one with a slider. */
export function mapsSection({ runs }: ReportData): Html | null {
  const generations = runs.flatMap(({ frames }) => frames.map(({ generation }) => generation + 1));
  if (generations.length === 0) return null;
  const [first, last] = [Math.min(...generations), Math.max(...generations)];
  return section(
    'maps',
    'How the search converges',
    html`<p>The brighter a pixel, the more genomes on the front read it.</p>
<div class="slider"><label for="generation">Generation <output for="generation">${last}</output></label><input type="range" id="generation" min="${first}" max="${last}" step="1" value="${last}"></div>
<div class="timelines">${runs.map((run, index) => runTimeline(run, index, runs.length > 1))}</div>
${colorScale('scale-title', viridis, 'share of the front that reads a pixel', '0 %', '100 %')}`,
  );
}

function runTimeline(run: ReportRun, index: number, named: boolean): Html | null {
  if (run.frames.length === 0) return null;
  return html`<div class="timeline">${named && html`<h3>${run.name}</h3>`}<div class="frames">${run.frames.map(
    (frame) => frameFigure(run, index, frame),
  )}</div></div>`;
}

function frameFigure(run: ReportRun, index: number, frame: ReportFrame): Html {
  const number = frame.generation + 1;
  const { length } = frame.genomes;
  const title = `Where the front of ${run.name} looks after generation ${number}`;
  const uri = heatUri(run, frontGrid(run, frame), 1, 'viridis');
  const known = length < frame.frontSize ? `${length} of ${frame.frontSize}` : `${length}`;
  return html`<figure data-generation="${number}">
${heatPicture(run, index, uri, `heat-${index + 1}-${number}`, title)}
<figcaption>generation ${number}, ${known} on the front</figcaption>
</figure>`;
}
