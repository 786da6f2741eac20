import { type Html, html } from '../../core/html.ts';
import { genomeParts } from '../../genome/patch-parts.ts';
import type { ScoredGenome } from '../../run/result.ts';
import { formatCount, formatMillions, formatShare } from '../../summary/format.ts';
import type { ReportRun } from '../report-data.ts';
import { coverage } from '../verdict.ts';
import { patchPicture } from './face-map.ts';
import { facts, shortHash } from './parts.ts';

/** A genome that has a panel, with its scores in the runs that have it on their front. */
export interface ShownGenome
  extends Pick<ScoredGenome, 'genome' | 'hash' | 'summary' | 'parameters' | 'macs' | 'coveredPixels'> {
  readonly run: ReportRun;
  readonly runIndex: number;
  readonly chosen: boolean;
  readonly scores: readonly { readonly run: ReportRun; readonly scored: ScoredGenome }[];
}

/** Shows the map and figures of a genome; its mark in the chart of the front links here. */
export function genomePanel(shown: ShownGenome): Html {
  const { genome, hash, summary, run, runIndex, chosen, scores } = shown;
  const { frame } = run.dataset;
  const parts = genomeParts(genome, frame);
  const several = scores.length > 1;
  return html`<section class="${chosen ? 'genome chosen-genome' : 'genome'}" id="genome-${hash}" tabindex="-1" aria-labelledby="genome-${hash}-heading">
<h3 id="genome-${hash}-heading">Genome ${shortHash(hash)}${chosen && ' – chosen'}</h3>
${patchPicture(run, runIndex, genome.patches, `map-${hash}`, `Patches of genome ${hash.slice(0, 8)} over the mean face`)}
${facts([
  ['reads', parts],
  ['genome', summary],
  ['parameters', formatCount(shown.parameters)],
  ['multiply-accumulates', formatMillions(shown.macs)],
  [
    'pixels',
    `${formatCount(shown.coveredPixels)} (${formatShare(coverage(run, shown.coveredPixels))} of the face)`,
  ],
  ...scores.map(
    (score) =>
      [
        several ? `in the search of ${score.run.name}` : 'in the search',
        `loss ${lossOf(score.scored)}, accuracy ${formatShare(score.scored.accuracy)}`,
      ] as const,
  ),
  ...trainedInFull(shown),
])}
</section>
`;
}

function trainedInFull({ hash, run, scores }: ShownGenome) {
  const runs = scores.length > 0 ? scores.map((score) => score.run) : [run];
  return runs.flatMap(({ name, finalists }) => {
    const finalist = finalists.find((one) => one.hash === hash);
    if (finalist === undefined) return [];
    const title = runs.length > 1 ? `trained in full, ${name}` : 'trained in full';
    return [[title, `accuracy ${formatShare(finalist.validationAccuracy)}`] as const];
  });
}

/** Formats a loss of the search with its standard deviation between seeds. */
export function lossOf({ loss, deviation }: Pick<ScoredGenome, 'loss' | 'deviation'>): string {
  return deviation === null
    ? `${loss.toFixed(3)} (one seed)`
    : `${loss.toFixed(3)} ± ${deviation.toFixed(3)}`;
}
