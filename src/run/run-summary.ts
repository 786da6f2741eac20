import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSystemError } from '../core/file-system-error.ts';
import type { GenerationRecord } from '../search/events.ts';
import { runFile } from './file-names.ts';
import type { Comparison } from './result.ts';
import { currentResult, openRun, type RunRecord } from './run-record.ts';

/** A run in a few figures. */
export interface RunSummary {
  readonly folder: string;
  readonly status: RunRecord['status'];
  /** When it began, ISO 8601. */
  readonly started: string;
  readonly data: string;
  readonly engine: string;
  /** The generations that have ended, and how many there will be at most. */
  readonly history: readonly GenerationRecord[];
  readonly generations: number;
  /** Share of the box below the reference point that the front dominates; `null` before the first generation has ended. */
  readonly hypervolume: number | null;
  /** The chosen genome; of a run that is not complete the most exact one of the front. */
  readonly best: {
    /** On the validation rows; of a run that is not complete on the inner split of the search. */
    readonly accuracy: number;
    readonly parameters: number;
    /** Against the baseline, both trained in full; `null` without a baseline, or before. */
    readonly difference: Comparison | null;
  } | null;
  /** Every option, as in `run.json`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Sums up a run, under way or not.
 *
 * @throws EvopatchError `FILE_SYSTEM` where there is no run, `INVALID_RUN` where its files are damaged.
 */
export async function summarizeRun(folder: string): Promise<RunSummary> {
  const run = await openRun(folder);
  const { started, dataset, engine, options } = run.description;
  const complete = run.result?.status === 'complete' ? run.result : undefined;
  const history = (currentResult(run) ?? run.checkpoint?.progress)?.history ?? [];
  const { accuracy, parameters } = complete
    ? { ...complete.best, accuracy: complete.best.validationAccuracy }
    : (history.at(-1)?.front[0] ?? {});
  return {
    folder,
    status: run.status,
    started,
    data: dataset.name,
    engine: `${engine.name}:${engine.variant}`,
    history,
    generations: Number(options.generations),
    hypervolume: history.at(-1)?.hypervolume ?? null,
    best:
      accuracy == null || parameters === undefined
        ? null
        : { accuracy, parameters, difference: complete?.best.difference ?? null },
    options,
  };
}

/**
 * The folders of runs: the given one, or those right inside it, by name.
 *
 * @throws EvopatchError `FILE_SYSTEM` where it cannot be read.
 */
export async function findRuns(folder: string): Promise<string[]> {
  if (await isRun(folder)) return [folder];
  const names = await readdir(folder).catch((cause) => {
    throw fileSystemError('cannot read the folder', folder, cause);
  });
  const runs: string[] = [];
  for (const name of names.sort()) if (await isRun(join(folder, name))) runs.push(join(folder, name));
  return runs;
}

async function isRun(folder: string): Promise<boolean> {
  return await stat(runFile(folder, 'description')).then(
    () => true,
    () => false,
  );
}
