import { frontChart } from '../../charts/front-chart.ts';
import { type Html, html } from '../../core/html.ts';
import type { ScoredGenome } from '../../evolution/result.ts';
import type { Genome } from '../../genome/genome.ts';
import { evenly } from '../../summary/evenly.ts';
import { formatCount, formatMillions, formatShare } from '../../summary/format.ts';
import type { ReportData, ReportRun } from '../report-data.ts';
import { coverage } from '../verdict.ts';
import { patchPicture } from './face-map.ts';
import { facts, section, shortHash, table } from './parts.ts';

/** A genome that has a panel, with its scores in the runs that have it. */
interface Shown {
  readonly genome: Genome;
  readonly hash: string;
  readonly summary: string;
  readonly run: ReportRun;
  readonly runIndex: number;
  readonly chosen: boolean;
  readonly scores: readonly { readonly run: ReportRun; readonly scored: ScoredGenome }[];
}

const SIZES = {
  parameters: {
    title: 'trainable parameters, thousands',
    of: ({ parameters }: ScoredGenome) => parameters / 1e3,
  },
  macs: { title: 'multiply-accumulates, millions', of: ({ macs }: ScoredGenome) => macs / 1e6 },
  pixels: { title: 'pixels read', of: ({ coveredPixels }: ScoredGenome) => coveredPixels },
} as const;

/** Panels of all runs together, and of one at least. */
const MOST_PANELS = 240;
const FEWEST_MEMBERS = 8;

/** The fronts of all runs in one chart, and a panel for each genome on them. */
export function frontSection(whole: ReportData): Html | null {
  const data = { ...whole, runs: whole.runs.map((run) => thinned(run, whole.runs.length)) };
  const { runs } = data;
  if (runs.every(({ front }) => front.length === 0)) return null;
  const left = whole.runs.reduce((sum, { front }, index) => sum + front.length - runs[index].front.length, 0);
  const size = SIZES[sizeOf(runs[0])];
  const chart = frontChart({
    id: 'front-chart',
    title: `Validation loss against ${size.title}: no genome of a run beats one of its front in both`,
    xTitle: size.title,
    yTitle: 'loss after short training, nats',
    series: runs.map((run) => ({
      name: run.name,
      points: run.front.map((scored) => ({
        x: size.of(scored),
        y: scored.loss,
        title: `${describe(scored)}; ${scored.summary}`,
        href: `#genome-${scored.hash}`,
        genome: scored.hash,
        chosen: scored.hash === run.best?.hash,
      })),
    })),
  });
  return section(
    'front',
    'The Pareto front',
    html`<p>Each mark is a genome; the ringed one was chosen. Losses are those of the search: short trainings, measured on rows set aside of the training rows, so they are not those of the comparison above. Choose a mark to see where that genome looks.${left > 0 && ` Of large fronts some members are shown, evenly spread; ${formatCount(left)} are left out.`}</p>
<div class="front">
<div>${chart}${membersTable(data)}</div>
<div class="panels">${shownGenomes(data).map(panel)}</div>
</div>`,
  );
}

/** With at most its part of the genomes that a page has panels for, the chosen one among them. */
function thinned(run: ReportRun, runs: number): ReportRun {
  const most = Math.max(FEWEST_MEMBERS, Math.floor(MOST_PANELS / runs));
  const kept = new Set(evenly(run.front, most));
  return { ...run, front: run.front.filter((one) => kept.has(one) || one.hash === run.best?.hash) };
}

/** The same as the chart, for whoever reads rather than looks. */
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

/** Every genome of a front once, and the chosen ones. */
function shownGenomes({ runs }: ReportData): Shown[] {
  const shown = new Map<string, Shown>();
  for (const [runIndex, run] of runs.entries()) {
    for (const scored of run.front) {
      const { genome, hash, summary } = scored;
      const known = shown.get(hash);
      const chosen = hash === run.best?.hash;
      shown.set(hash, {
        ...(known ?? { genome, hash, summary, run, runIndex }),
        chosen: chosen || (known?.chosen ?? false),
        scores: [...(known?.scores ?? []), { run, scored }],
      });
    }
    const { best } = run;
    if (best === null || shown.has(best.hash)) continue;
    const { genome, hash, summary } = best;
    shown.set(hash, { genome, hash, summary, run, runIndex, chosen: true, scores: [] });
  }
  return [...shown.values()].sort((a, b) => Number(b.chosen) - Number(a.chosen));
}

function panel({ genome, hash, summary, run, runIndex, chosen, scores }: Shown): Html {
  const several = scores.length > 1;
  const scored = scores[0]?.scored;
  return html`<section class="${chosen ? 'genome chosen-genome' : 'genome'}" id="genome-${hash}" tabindex="-1" aria-labelledby="genome-${hash}-heading">
<h3 id="genome-${hash}-heading">Genome ${shortHash(hash)}${chosen && ' – chosen'}</h3>
${patchPicture(run, runIndex, genome, `map-${hash}`, `Patches of genome ${hash.slice(0, 8)} over the mean face`)}
<p>${summary}</p>
${
  scored &&
  facts([
    ['parameters', formatCount(scored.parameters)],
    ['multiply-accumulates', formatMillions(scored.macs)],
    [
      'pixels',
      `${formatCount(scored.coveredPixels)} (${formatShare(coverage(run, scored.coveredPixels))} of the face)`,
    ],
    ...scores.map(
      (score) =>
        [
          several ? `in ${score.run.name}` : 'in the search',
          `loss ${lossOf(score.scored)}, accuracy ${formatShare(score.scored.accuracy)}`,
        ] as const,
    ),
    ...scores.flatMap(({ run: { name, finalists } }) => {
      const finalist = finalists.find((one) => one.hash === hash);
      if (finalist === undefined) return [];
      const title = several ? `trained in full, ${name}` : 'trained in full';
      return [[title, `accuracy ${formatShare(finalist.validationAccuracy)}`] as const];
    }),
  ])
}
</section>
`;
}

function describe({ loss, accuracy, parameters }: ScoredGenome): string {
  return `loss ${loss.toFixed(3)}, accuracy ${formatShare(accuracy)}, ${formatCount(parameters)} parameters`;
}

function lossOf({ loss, deviation }: ScoredGenome): string {
  return deviation === null
    ? `${loss.toFixed(3)} (one seed)`
    : `${loss.toFixed(3)} ± ${deviation.toFixed(3)}`;
}
