import { lockOwner } from '../core/run-lock.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { runFile } from './file-names.ts';
import type { EvolutionReport } from './result.ts';
import { readResult } from './result-file.ts';
import {
  type PartialDescription,
  type RunDescription,
  readDescription,
  readPartialDescription,
} from './run-description.ts';

/** Everything that the files of a run hold, except its history (`readTrainings`). */
export interface RunRecord<Description = RunDescription> {
  readonly folder: string;
  /** `running`: a process works on it; `aborted`: it was ended early on purpose; `interrupted`: its process is gone. */
  readonly status: 'complete' | 'aborted' | 'interrupted' | 'running';
  readonly description: Description;
  readonly result: EvolutionReport | undefined;
  /** The newest one; of a complete run `undefined`. */
  readonly checkpoint: Checkpoint | undefined;
  /** What could not be read, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads a run, under way or not.
 *
 * @throws EvopatchError `FILE_SYSTEM` where the folder is none of a run, `INVALID_RUN` where its files are damaged or, unless
 * `lenient`, of another version. With `lenient` only a damaged description throws; other damage becomes a note.
 */
export async function openRun(folder: string): Promise<RunRecord>;
export async function openRun(
  folder: string,
  options: { readonly lenient: true },
): Promise<RunRecord<PartialDescription>>;
export async function openRun(
  folder: string,
  { lenient = false } = {},
): Promise<RunRecord<RunDescription | PartialDescription>> {
  const notes: string[] = [];
  const leniently = async <Part>(name: string, part: Promise<Part>): Promise<Part | undefined> => {
    if (!lenient) return await part;
    return await part.catch((cause: Error) => {
      notes.push(`The ${name} cannot be read: ${cause.message}`);
      return undefined;
    });
  };
  const description = await (lenient ? readPartialDescription(folder) : readDescription(folder));
  const owner = await lockOwner(runFile(folder, 'lock'));
  const result = await leniently('result', readResult(folder));
  const checkpoint =
    result?.status === 'complete'
      ? undefined
      : await leniently(
          'checkpoint',
          readCheckpoint(folder, (message) => notes.push(message)),
        );
  const status = owner !== undefined ? 'running' : (result?.status ?? 'interrupted');
  return { folder, status, description, result, checkpoint, notes };
}

/** The result of a run; `undefined` where there is none or the run went on after it, so that its checkpoint is newer. */
export function currentResult({
  result,
  checkpoint,
}: Pick<RunRecord, 'result' | 'checkpoint'>): EvolutionReport | undefined {
  const isOutdated = (checkpoint?.progress.history.length ?? 0) > (result?.history.length ?? 0);
  return isOutdated ? undefined : result;
}
