import { flatOptions } from '../options/flat-options.ts';
import type { RunSummary } from '../run/run-summary.ts';
import { describeDifference, verdictOf } from './difference.ts';
import { formatCount, formatPoints, formatShare } from './format.ts';
import { formatTable } from './table.ts';

const LEFT = 'left';

/** Formats runs as a table. */
export function formatRuns(runs: readonly RunSummary[]): string {
  const unfinished = runs.some((run) => run.status !== 'complete' && run.best !== null);
  const table = formatTable(
    [
      { title: 'run', align: LEFT },
      { title: 'status', align: LEFT },
      { title: 'generations' },
      { title: 'hypervolume' },
      { title: 'accuracy' },
      { title: 'against the baseline', align: LEFT },
      { title: 'parameters' },
      { title: 'data', align: LEFT },
      { title: 'seed', align: LEFT },
      { title: 'started', align: LEFT },
    ],
    runs.map((run) => [
      run.folder,
      run.status,
      `${run.history.length}/${run.generations}`,
      run.hypervolume?.toFixed(4) ?? '',
      run.best === null ? '' : accuracyOf(run),
      run.best?.difference
        ? `${formatPoints(run.best.difference.estimate)}, ${verdictOf(run.best.difference, marginOf(run))}`
        : '',
      run.best === null ? '' : formatCount(run.best.parameters),
      run.data,
      String(run.options.seed),
      momentOf(run.started),
    ]),
  );
  return unfinished ? `${table}\n\n* so far, on a part of the training rows` : table;
}

/** Formats one run, generation by generation. */
export function formatRun(run: RunSummary): string {
  const facts = [
    `${run.folder}: ${run.status}, started ${momentOf(run.started)}`,
    `data ${run.data}, seed ${run.options.seed}, engine ${run.engine}`,
    ...(run.best === null
      ? []
      : [`best ${accuracyOf(run)} with ${formatCount(run.best.parameters)} parameters`]),
    ...(run.best?.difference ? [describeDifference(run.best.difference, marginOf(run))] : []),
  ];
  if (run.history.length === 0) return facts.join('\n');
  const table = formatTable(
    ['generation', 'hypervolume', 'front', 'best loss', 'accuracy', 'smallest', 'networks', 'failed'].map(
      (title) => ({ title }),
    ),
    run.history.map(({ index, hypervolume, front, evaluations, failures }) => [
      `${index + 1}`,
      hypervolume.toFixed(4),
      `${front.length}`,
      front[0]?.loss.toFixed(4) ?? '',
      front[0] === undefined ? '' : formatShare(front[0].accuracy),
      front.length === 0 ? '' : formatCount(Math.min(...front.map(({ parameters }) => parameters))),
      `${evaluations}`,
      `${failures}`,
    ]),
  );
  return [...facts, '', table].join('\n');
}

/** Formats runs as a table, and the options in which they differ. */
export function formatRunComparison(runs: readonly RunSummary[]): string {
  const different = differentOptions(runs);
  const names = Object.keys(different);
  if (names.length === 0) return `${formatRuns(runs)}\n\nThe runs have the same options.`;
  const table = formatTable(
    [{ title: 'option', align: LEFT }, ...runs.map(({ folder }) => ({ title: folder }))],
    names.map((name) => [name, ...different[name].map((value) => value ?? '')]),
  );
  return `${formatRuns(runs)}\n\nOptions in which the runs differ:\n\n${table}`;
}

/** Finds the options in which runs differ, as in `fitness.epochs`, with the value of each run; `null` where it has none. */
export function differentOptions(runs: readonly RunSummary[]): Record<string, (string | null)[]> {
  const flat = runs.map(({ options }) => new Map(flatOptions(options)));
  const names = [...new Set(flat.flatMap((options) => [...options.keys()]))].sort();
  const different = names.filter((name) => new Set(flat.map((options) => options.get(name))).size > 1);
  return Object.fromEntries(
    different.map((name) => [name, flat.map((options) => options.get(name) ?? null)]),
  );
}

function accuracyOf({ best, status }: RunSummary): string {
  return best === null ? '' : `${formatShare(best.accuracy)}${status === 'complete' ? '' : '*'}`;
}

function marginOf({ options: { margin } }: RunSummary): number | null {
  return typeof margin === 'number' ? margin : null;
}

/** Formats a time as `2026-11-22 03:13`, UTC. */
function momentOf(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
