import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSystemError } from '../core/file-system-error.ts';
import { lockOwner } from '../core/run-lock.ts';
import type { GenerationRecord } from '../search/events.ts';
import { readCheckpoint } from './checkpoint.ts';
import type { Comparison } from './result.ts';
import { readResult } from './result-file.ts';
import { readDescription } from './run-description.ts';
import { RUN_LOCK } from './run-folder.ts';

/** What the files of a run say of it. */
export interface RunSummary {
  readonly folder: string;
  /** `running`: a process works on it; `aborted`: it was ended early on purpose; `interrupted`: its process is gone. */
  readonly status: 'complete' | 'aborted' | 'interrupted' | 'running';
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
  const { started, dataset, engine, options } = await readDescription(folder);
  const owner = await lockOwner(join(folder, RUN_LOCK));
  const result = await readResult(folder);
  const complete = result?.status === 'complete';
  const checkpoint = complete ? undefined : await readCheckpoint(folder, () => undefined);
  const history = complete ? result.history : (checkpoint?.progress.history ?? []);
  const { accuracy, parameters } = complete
    ? { ...result.best, accuracy: result.best.validationAccuracy }
    : (history.at(-1)?.front[0] ?? {});
  return {
    folder,
    status: owner !== undefined ? 'running' : (result?.status ?? 'interrupted'),
    started,
    data: dataset.name,
    engine: `${engine.name}:${engine.variant}`,
    history,
    generations: Number(options.generations),
    hypervolume: history.at(-1)?.hypervolume ?? null,
    best:
      accuracy == null || parameters === undefined
        ? null
        : { accuracy, parameters, difference: complete ? result.best.difference : null },
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
  return await stat(join(folder, 'run.json')).then(
    () => true,
    () => false,
  );
}
