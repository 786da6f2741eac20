import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { makeFolder } from '../core/make-folder.ts';
import type { EvaluationRecord } from './events.ts';
import type { EvolutionReport } from './result.ts';

/** Path of the chosen network inside a run folder. */
export const BEST_MODEL = 'models/best.safetensors';

/**
 * The files of one run: `run.json` (what was asked for), `history.jsonl` (a line for each training run, in the order in
 * which they ended), `result.json` and `models/`.
 */
export class RunFolder {
  readonly path: string;
  readonly #history: FileHandle;
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, history: FileHandle) {
    this.path = path;
    this.#history = history;
  }

  /**
   * Makes the folder and writes `run.json`, which shows that the folder can be written before any work is done.
   *
   * @param description options, versions and data of the run, plain data
   * @throws EvopatchError `FILE_SYSTEM` where the folder is not empty or cannot be written.
   */
  static async create(path: string, description: unknown): Promise<RunFolder> {
    await makeFolder(path);
    const entries = await contentOf(path);
    if (entries.length > 0) {
      throw new EvopatchError('FILE_SYSTEM', 'the run folder is not empty', {
        file: path,
        given: entries.slice(0, 3).join(', '),
        hint: 'Choose a new folder for each run',
      });
    }
    await writeFileAtomic(join(path, 'run.json'), prettyJson(description));
    const history = join(path, 'history.jsonl');
    try {
      return new RunFolder(path, await open(history, 'a'));
    } catch (cause) {
      throw fileSystemError('cannot open the file', history, cause);
    }
  }

  /** Adds a line to the history, behind those under way. A failure shows in `settled`. */
  append(record: EvaluationRecord): void {
    this.#written = this.#written.then(() => this.#history.appendFile(`${JSON.stringify(record)}\n`));
    this.#written.catch(() => undefined);
  }

  /** @throws EvopatchError `FILE_SYSTEM` where a line of the history could not be written. */
  async settled(): Promise<void> {
    try {
      await this.#written;
    } catch (cause) {
      throw fileSystemError('cannot write the file', join(this.path, 'history.jsonl'), cause);
    }
  }

  async writeResult(report: EvolutionReport): Promise<void> {
    await writeFileAtomic(join(this.path, 'result.json'), prettyJson(report));
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#history.close();
  }
}

async function contentOf(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (cause) {
    throw fileSystemError('cannot read the run folder', path, cause);
  }
}

function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
