import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { makeFolder } from '../core/make-folder.ts';
import { readTextFile } from '../core/read-text.ts';
import { RunLock, refuseLocked } from '../core/run-lock.ts';
import { isTemporaryName, sweepInside } from '../core/temporary-file.ts';
import type { Evaluation } from '../fitness/evaluation.ts';
import type { EvaluationRecord } from '../search/events.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { History } from './history.ts';
import type { EvolutionReport } from './result.ts';
import type { RunDescription } from './run-description.ts';

/** Path of the chosen network inside a run folder. */
export const BEST_MODEL = 'models/best.safetensors';
/** Of the lock of a run folder, and of its result. */
export const RUN_LOCK = 'lock';
export const RESULT = 'result.json';

/** What a run writes into its folder, with what `evopatch ensemble` adds. */
const RUN_FILES = [
  'run.json',
  'history.jsonl',
  'weights',
  'checkpoint.json',
  'checkpoint.previous.json',
  RESULT,
  'models',
  'maps',
  'members',
];

type Warn = (message: string) => void;

/**
 * The files of one run: `run.json` (what was asked for), `history.jsonl` (a line for each training run, in the order in
 * which they ended) with `weights/`, `checkpoint.json` (the search after its last generation; the one before beside it),
 * `result.json`, `models/` and `maps/`; and, as long as a process works on it, `lock`.
 */
export class RunFolder {
  readonly path: string;
  readonly history: History;
  readonly #lock: RunLock;

  private constructor(path: string, history: History, lock: RunLock) {
    this.path = path;
    this.history = history;
    this.#lock = lock;
  }

  /**
   * Makes the folder and writes `run.json`, which shows that the folder can be written before any work is done.
   *
   * @param force whether files that are not in the way may stay in the folder
   * @throws EvopatchError `FILE_SYSTEM` where the folder is not empty or cannot be written, `RUN_LOCKED` where another
   * process works on it.
   */
  static async create(
    path: string,
    description: RunDescription,
    onWarning: Warn,
    force = false,
  ): Promise<RunFolder> {
    await makeFolder(path);
    await checkRunFolder(path, force);
    return await RunFolder.#locked(path, onWarning, async () => {
      await checkRunFolder(path, force); // another process may have come and gone
      await writeFileAtomic(join(path, 'run.json'), prettyJson(description));
    });
  }

  /**
   * Opens the folder of a run that has not ended.
   *
   * @throws EvopatchError `INVALID_RUN` where it has ended, `RUN_LOCKED` where another process works on it, `FILE_SYSTEM`.
   */
  static async resume(path: string, onWarning: Warn): Promise<RunFolder> {
    return await RunFolder.#locked(path, onWarning, async () => {
      if ((await resultStatus(path)) === 'complete') {
        const hint = `Its result is in ${join(path, RESULT)}`;
        throw new EvopatchError('INVALID_RUN', 'the run is complete', { file: path, hint });
      }
    });
  }

  static async #locked(path: string, onWarning: Warn, prepare: () => Promise<void>): Promise<RunFolder> {
    const lock = await RunLock.acquire(join(path, RUN_LOCK));
    try {
      await prepare();
      await sweepInside(path, { recursive: true });
      return new RunFolder(path, await History.open(path, onWarning), lock);
    } catch (cause) {
      await lock.release();
      throw cause;
    }
  }

  /** Adds a line to the history. @throws EvopatchError `FILE_SYSTEM`, `RUN_LOCKED` */
  async append(record: EvaluationRecord, evaluation: Evaluation): Promise<void> {
    await this.#lock.check();
    await this.history.append(record, evaluation);
  }

  /** @throws EvopatchError `FILE_SYSTEM`, `RUN_LOCKED` */
  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.#lock.check();
    await this.history.sync();
    await writeCheckpoint(this.path, checkpoint);
  }

  /** The newest one that is whole. @throws EvopatchError `INVALID_RUN` */
  async readCheckpoint(onWarning: Warn): Promise<Checkpoint | undefined> {
    return await readCheckpoint(this.path, onWarning);
  }

  /** @throws EvopatchError `FILE_SYSTEM`, `RUN_LOCKED` */
  async writeResult(report: EvolutionReport): Promise<void> {
    await this.#lock.check();
    await writeFileAtomic(join(this.path, RESULT), prettyJson(report));
  }

  async close(): Promise<void> {
    await this.history.close();
    await this.#lock.release();
  }
}

/** How a run says that it ended; `undefined` where it has not, or not whole. */
export async function resultStatus(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readTextFile(join(path, RESULT))).status;
  } catch {
    return undefined;
  }
}

/**
 * Checks that a new run may use a folder: one that does not exist, or is empty except for what a process left behind that
 * was killed before it wrote `run.json`.
 *
 * @param force whether to allow files of others, as long as none has the name of a file of a run
 * @throws EvopatchError `FILE_SYSTEM` where the folder holds something else, `RUN_LOCKED` where another process works on it.
 */
export async function checkRunFolder(path: string, force = false): Promise<void> {
  const entries = await contentOf(path);
  const others = entries.filter(
    (name) => name !== RUN_LOCK && name !== `${RUN_LOCK}.takeover` && !isTemporaryName(name),
  );
  if (!others.some((name) => !force || RUN_FILES.includes(name))) return;
  await refuseLocked(join(path, RUN_LOCK));
  const hint = others.includes('run.json')
    ? 'Choose a new folder for each run, or resume the run that is in it'
    : 'Choose a new folder for each run';
  const given = others.slice(0, 3).join(', ');
  throw new EvopatchError('FILE_SYSTEM', 'the run folder is not empty', { file: path, given, hint });
}

async function contentOf(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileSystemError('cannot read the run folder', path, cause);
  }
}

function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
