import { frontChart } from '../../charts/front-chart.ts';
import { evenly } from '../../core/evenly.ts';
import { type Html, html } from '../../core/html.ts';
import type { ScoredGenome } from '../../run/result.ts';
import { formatCount, formatMillions, formatShare } from '../../summary/format.ts';
import { chosenOrigin } from '../chosen-origin.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { genomePanel, lossOf, type ShownGenome } from './genome-panel.ts';
import { section, table } from './parts.ts';

const SIZES = {
  parameters: {
    title: 'trainable parameters, thousands',
    of: ({ parameters }: ScoredGenome) => parameters / 1e3,
  },
  macs: { title: 'multiply-accumulates, millions', of: ({ macs }: ScoredGenome) => macs / 1e6 },
  pixels: { title: 'pixels read', of: ({ coveredPixels }: ScoredGenome) => coveredPixels },
} as const;

/** Genomes that a page shows in all. */
const MAX_GENOMES = 240;
/** Genomes that each run may show, however many runs there are. */
const MIN_GENOMES_PER_RUN = 8;

/** Shows the fronts of all runs in one chart, and a panel for each genome on them. */
export function frontSection(whole: ReportData): Html | null {
  const data = { ...whole, runs: whole.runs.map((run) => thinned(run, whole.runs.length)) };
  const { runs } = data;
  if (runs.every(({ front }) => front.length === 0)) return null;
  const left = whole.runs.reduce((sum, { front }, index) => sum + front.length - runs[index].front.length, 0);
  const size = SIZES[sizeOf(runs[0])];
  const chart = frontChart({
    id: 'front-chart',
    title: `Validation loss against ${size.title}: no genome of a run beats a member of its front in both`,
    xTitle: size.title,
    yTitle: 'loss after short training',
    series: runs.map((run) => {
      const origin = chosenOrigin(run);
      return {
        name: run.name,
        points: run.front.map((scored) => ({
          x: size.of(scored),
          y: scored.loss,
          title: `${describe(scored)}; ${scored.summary}`,
          href: `#genome-${scored.hash}`,
          genome: scored.hash,
          ringed: origin.kind !== 'elsewhere' && scored.hash === origin.hash,
        })),
      };
    }),
  });
  return section(
    'front',
    'The front of the search',
    html`<p>Each mark is a genome that no other of its run beats in both loss and size. ${ringSentence(runs)} Select a mark to see what its genome reads.</p>
<p>Losses come from the short trainings of the search, measured on training rows set aside; they differ from those of networks trained in full.${left > 0 && ` Large fronts are thinned evenly: ${formatCount(left)} genomes are not shown.`}</p>
<div class="front">
<div>${chart}${membersTable(data)}</div>
<div class="panels">${shownGenomes(data).map(genomePanel)}</div>
</div>`,
  );
}

/** Explains the rings of the chart. */
function ringSentence(runs: readonly ReportRun[]): string {
  const origins = runs.map((run) => ({ run, origin: chosenOrigin(run) }));
  if (runs.length > 1) {
    const absent = origins.filter(({ origin, run }) => origin.kind === 'elsewhere' && run.best !== null);
    const names = absent.map(({ run }) => run.name).join(', ');
    return (
      'The ring marks the chosen genome of each run, or the one whose patches the chosen network reads with a deeper network.' +
      (absent.length > 0 ? ` Neither is on the front of ${names}.` : '')
    );
  }
  const [{ run, origin }] = origins;
  if (run.best?.validationAccuracy == null) return 'The ring marks the genome with the lowest loss so far.';
  switch (origin.kind) {
    case 'on the front':
      return 'The ring marks the chosen genome.';
    case 'patches from the front':
      return (
        'The chosen network is not among them: it is a finalist that reads the patches of the ringed genome with a ' +
        'deeper network.'
      );
    case 'elsewhere':
      return 'The chosen network is not among them.';
  }
}

/** Thins the front of a run to its share of the page, and keeps the ringed genome. */
function thinned(run: ReportRun, runs: number): ReportRun {
  const maximum = Math.max(MIN_GENOMES_PER_RUN, Math.floor(MAX_GENOMES / runs));
  const kept = new Set(evenly(run.front, maximum));
  const origin = chosenOrigin(run);
  const ringed = origin.kind === 'elsewhere' ? undefined : origin.hash;
  return { ...run, front: run.front.filter((one) => kept.has(one) || one.hash === ringed) };
}

/** Lists what the chart shows, for readers who cannot see it. */
function membersTable({ runs }: ReportData): Html {
  const rows = runs.flatMap((run) =>
    run.front.map((scored) => [
      html`<a href="#genome-${scored.hash}">${scored.hash.slice(0, 8)}</a>`,
      ...(runs.length > 1 ? [run.name] : []),
      lossOf(scored),
      formatShare(scored.accuracy),
      formatCount(scored.parameters),
      formatMillions(scored.macs),
    ]),
  );
  const columns = [
    { title: 'genome', align: 'left' },
    ...(runs.length > 1 ? [{ title: 'run', align: 'left' } as const] : []),
    { title: 'loss' },
    { title: 'accuracy' },
    { title: 'parameters' },
    { title: 'MACs' },
  ] as const;
  return html`<details><summary>The front as a table</summary>${table('Genomes on the front, with the deviation of the loss between seeds', columns, rows)}</details>`;
}

function sizeOf({ settings }: ReportRun): keyof typeof SIZES {
  const { objectives } = settings.options;
  const named = Array.isArray(objectives) ? objectives.find((name) => name in SIZES) : undefined;
  return named ?? 'parameters';
}

/** Lists each genome on a front once, and the chosen ones. */
function shownGenomes({ runs }: ReportData): ShownGenome[] {
  const shown = new Map<string, ShownGenome>();
  for (const [runIndex, run] of runs.entries()) {
    for (const scored of run.front) {
      const known = shown.get(scored.hash);
      const chosen = scored.hash === run.best?.hash;
      shown.set(scored.hash, {
        ...(known ?? { ...scored, run, runIndex }),
        chosen: chosen || (known?.chosen ?? false),
        scores: [...(known?.scores ?? []), { run, scored }],
      });
    }
    const { best } = run;
    if (best === null || shown.has(best.hash)) continue;
    shown.set(best.hash, { ...best, run, runIndex, chosen: true, scores: [] });
  }
  return [...shown.values()].sort((a, b) => Number(b.chosen) - Number(a.chosen));
}

function describe({ loss, accuracy, parameters }: ScoredGenome): string {
  return `loss ${loss.toFixed(3)}, accuracy ${formatShare(accuracy)}, ${formatCount(parameters)} parameters`;
}
