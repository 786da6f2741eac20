import { lineChart } from '../../charts/line-chart.ts';
import { evenly } from '../../core/evenly.ts';
import { type Html, html } from '../../core/html.ts';
import { repeatsOf } from '../../search/ladder.ts';
import { formatCount, formatShare } from '../../summary/format.ts';
import type { ReportData, ReportGeneration, ReportRun } from '../report-data.ts';
import { section, table } from './parts.ts';

/** The table thins a longer search evenly; the page's data have every generation. */
const MAX_ROWS = 50;

/** Shows the hypervolume and the lowest error of each generation as charts and as a table. */
export function progressSection({ runs }: ReportData): Html | null {
  const shown = runs.filter(({ history }) => history.length > 0);
  if (shown.length === 0) return null;
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
    html`<p>The hypervolume is the share of the space of loss and size that the front dominates: 0 means a network that guesses with the most parameters allowed, 1 a perfect network with none.${fallSentence(runs)}</p>
<div class="charts">
${lineChart({
  id: 'hypervolume-chart',
  title: 'Hypervolume of the front after each generation',
  xTitle: 'generation',
  yTitle: 'hypervolume, 0 to 1',
  series: series(
    ({ hypervolume }) => hypervolume,
    (value) => value.toFixed(4),
  ),
})}
${lineChart({
  id: 'error-chart',
  title: 'Error of the genome with the lowest loss after each generation',
  xTitle: 'generation',
  yTitle: 'error of the genome with the lowest loss, %',
  series: series(
    ({ best }) => best && 100 * (1 - best.accuracy),
    (value) => `${value.toFixed(1)} %`,
  ),
})}
</div>
<details><summary>Figures of each generation</summary>
${shown.map(({ name, history }) => generationTable(runs.length > 1 ? `Generations of ${name}` : 'Generations', history))}
</details>`,
  );
}

/** Explains a fall of the hypervolume after losses became means of several trainings. */
function fallSentence(runs: readonly ReportRun[]): string {
  const falls = runs.flatMap(({ history, settings: { options, plans } }) => {
    const { population, generations, repeats } = options;
    const plan = {
      population: Number(population),
      plans: plans ?? [{ from: 0, generations: Number(generations) }],
      repeats: Number(repeats),
    };
    return history.filter(({ index, hypervolume }, position) => {
      const isLower = position > 0 && hypervolume < history[position - 1].hypervolume;
      return isLower && repeatsOf(index, plan) > 0;
    });
  });
  if (falls.length === 0) return '';
  const numbers = [...new Set(falls.map(({ index }) => index + 1))].sort((a, b) => a - b);
  return (
    ` It falls after generation ${numbers.join(', ')}: in the last third of a search, genomes on the front are trained again ` +
    'with further seeds, and the mean loss replaces a lucky first one.'
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
    evenly(history, MAX_ROWS).map(
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
