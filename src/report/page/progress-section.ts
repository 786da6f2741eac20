import { lineChart } from '../../charts/line-chart.ts';
import { type Html, html } from '../../core/html.ts';
import { evenly } from '../../summary/evenly.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import type { ReportData, ReportGeneration } from '../report-data.ts';
import { section, table } from './parts.ts';

/** Of a long search some generations, evenly spread, stand in the table; the page's data have them all. */
const MOST_ROWS = 50;

/** Hypervolume and best error, generation by generation, and the figures below. */
export function progressSection({ runs }: ReportData): Html | null {
  const begun = runs.filter(({ history }) => history.length > 0);
  if (begun.length === 0) return null;
  const series = (value: (generation: ReportGeneration) => number | null, text: (value: number) => string) =>
    runs.map(({ name, history }) => ({
      name,
      points: history.map((generation) => {
        const y = value(generation);
        const title = `generation ${generation.index + 1}: ${y === null ? 'nothing yet' : text(y)}`;
        return { x: generation.index + 1, y, title };
      }),
    }));
  return section(
    'progress',
    'The search over time',
    html`<div class="charts">
${lineChart({
  id: 'hypervolume-chart',
  title: 'Hypervolume of the front after each generation',
  xTitle: 'generation',
  yTitle: 'hypervolume, share of the box below guessing and the cap',
  series: series(
    ({ hypervolume }) => hypervolume,
    (value) => value.toFixed(4),
  ),
})}
${lineChart({
  id: 'error-chart',
  title: 'Error of the most exact genome after each generation',
  xTitle: 'generation',
  yTitle: 'error of the most exact genome, %',
  series: series(
    ({ best }) => best && 100 * (1 - best.accuracy),
    (value) => `${value.toFixed(1)} %`,
  ),
})}
</div>
<details><summary>Figures of each generation</summary>
${begun.map(({ name, history }) => generationTable(runs.length > 1 ? `Generations of ${name}` : 'Generations', history))}
</details>`,
  );
}

function generationTable(caption: string, history: readonly ReportGeneration[]): Html {
  const titles = [
    'generation',
    'hypervolume',
    'on the front',
    'best loss',
    'accuracy',
    'smallest',
    'trainings',
    'failed',
  ];
  return table(
    caption,
    titles.map((title) => ({ title })),
    evenly(history, MOST_ROWS).map(
      ({ index, hypervolume, frontSize, best, smallest, evaluations, failures }) => [
        index + 1,
        hypervolume.toFixed(4),
        frontSize,
        best === null ? '–' : best.loss.toFixed(4),
        best === null ? '–' : formatShare(best.accuracy),
        smallest === null ? '–' : formatCount(smallest),
        evaluations,
        failures,
      ],
    ),
  );
}
