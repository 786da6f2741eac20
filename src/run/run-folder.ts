import { readdir, rm } from 'node:fs/promises';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { makeFolder } from '../core/make-folder.ts';
import { readTextFile } from '../core/read-text.ts';
import { RunLock, refuseLocked } from '../core/run-lock.ts';
import { isTemporaryName, sweepInside } from '../core/temporary-file.ts';
import type { Evaluation } from '../fitness/evaluation.ts';
import type { LogEntry } from '../search/asynchronous/log-entry.ts';
import type { EvaluationRecord } from '../search/events.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { DecisionLog } from './decision-log.ts';
import { RUN_FILES, runFile } from './file-names.ts';
import { History } from './history.ts';
import type { EvolutionReport } from './result.ts';
import { type RunDescription, type RunExtension, writeExtension } from './run-description.ts';

/** The names that only a run may use in its folder. */
const RESERVED = Object.values(RUN_FILES).map((file) => file.split('/')[0]);
const { lock: LOCK, description: DESCRIPTION } = RUN_FILES;

type Warn = (message: string) => void;

/** The folder of a run that this process works on, and whose lock it holds. `RUN_FILES` names what it contains. */
export class RunFolder {
  readonly path: string;
  readonly history: History;
  readonly #lock: RunLock;
  #decisions: DecisionLog | undefined;

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
      await writeFileAtomic(runFile(path, 'description'), prettyJson(description));
    });
  }

  /**
   * Opens the folder of a run that has not ended, or of any run to extend it.
   *
   * @throws EvopatchError `INVALID_RUN` where the run has ended and is not extended, or has continued since the extension was
   * planned; `RUN_LOCKED` where another process works on it, `FILE_SYSTEM`.
   */
  static async resume(path: string, onWarning: Warn, extension?: RunExtension): Promise<RunFolder> {
    return await RunFolder.#locked(path, onWarning, async () => {
      if (extension !== undefined) return await RunFolder.#extend(path, extension);
      if ((await resultStatus(path)) !== 'complete') return;
      const hint = `Its result is in ${runFile(path, 'result')}; give more generations to extend it`;
      throw new EvopatchError('INVALID_RUN', 'the run is complete', { file: path, hint });
    });
  }

  static async #extend(path: string, extension: RunExtension): Promise<void> {
    if ((await generationsOf(path)) !== extension.after) {
      throw new EvopatchError('INVALID_RUN', 'the run has just continued', { file: path, hint: 'Try again' });
    }
    // Should this process die between the two, the run can be resumed as it was before, with the same result.
    await rm(runFile(path, 'result'), { force: true });
    await writeExtension(path, extension);
  }

  static async #locked(path: string, onWarning: Warn, prepare: () => Promise<void>): Promise<RunFolder> {
    const lock = await RunLock.acquire(runFile(path, 'lock'));
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

  /**
   * Opens the log of an asynchronous search, or begins it.
   *
   * @returns its entries
   * @throws EvopatchError `FILE_SYSTEM`
   */
  async openDecisions(onWarning: Warn): Promise<readonly LogEntry[]> {
    this.#decisions = await DecisionLog.open(this.path, onWarning);
    return this.#decisions.entries;
  }

  /** Adds an entry to the log that `openDecisions` opened. @throws EvopatchError `FILE_SYSTEM`, `RUN_LOCKED` */
  async appendDecision(entry: LogEntry): Promise<void> {
    await this.#lock.check();
    await this.#decisions?.append(entry);
  }

  /** @throws EvopatchError `FILE_SYSTEM`, `RUN_LOCKED` */
  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.#lock.check();
    await this.history.sync();
    await this.#decisions?.sync();
    await writeCheckpoint(this.path, checkpoint);
  }

  /** The newest one that is whole. @throws EvopatchError `INVALID_RUN` */
  async readCheckpoint(onWarning: Warn): Promise<Checkpoint | undefined> {
    return await readCheckpoint(this.path, onWarning);
  }

  /** @throws EvopatchError `FILE_SYSTEM`, `RUN_LOCKED` */
  async writeResult(report: EvolutionReport): Promise<void> {
    await this.#lock.check();
    await writeFileAtomic(runFile(this.path, 'result'), prettyJson(report));
  }

  async close(): Promise<void> {
    await this.history.close();
    await this.#decisions?.close();
    await this.#lock.release();
  }
}

/** The number of generations that a run has ended. @throws EvopatchError `INVALID_RUN` where its checkpoints are damaged. */
export async function generationsOf(path: string): Promise<number> {
  return (await readCheckpoint(path, () => undefined))?.progress.history.length ?? 0;
}

/** The status in the result of a run; `undefined` where there is none that can be read. */
export async function resultStatus(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readTextFile(runFile(path, 'result'))).status;
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
    (name) => name !== LOCK && name !== `${LOCK}.takeover` && !isTemporaryName(name),
  );
  if (!others.some((name) => !force || RESERVED.includes(name))) return;
  await refuseLocked(runFile(path, 'lock'));
  const hint = others.includes(DESCRIPTION)
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
