import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeCheckedJson, encodeCheckedJson } from '../core/checked-json.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import type { Evaluation } from '../fitness/evaluation.ts';
import { evaluationFromJson, evaluationToJson } from '../fitness/evaluation-record.ts';
import { type EvaluationStore, isRepeatable } from '../fitness/evaluation-store.ts';
import { readWeights, writeWeights } from '../fitness/weights-file.ts';
import type { EvaluationRecord } from '../search/events.ts';
import { runFile } from './file-names.ts';
import { lineSpans } from './history-lines.ts';

/** Offset and length of a line in the file, bytes. */
interface Line {
  readonly start: number;
  readonly length: number;
}

/**
 * The evaluations of a run: `history.jsonl`, a line with a checksum for each, in the order in which they ended, and
 * `weights/` beside it for those that keep their weights. Finds them by their keys; memory holds only where each line lies.
 *
 * Reads what a killed process left behind: it cuts off a last line without its end and skips damaged lines, whose networks are
 * then evaluated again.
 */
export class History implements EvaluationStore {
  readonly #folder: string;
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #lines = new Map<string, Line>();
  /** The evaluations that an earlier process recorded, which are not recorded again. */
  readonly #recorded = new Set<string>();
  #size = 0;
  #written: Promise<void> = Promise.resolve();
  /** Sum over the lines that an earlier process wrote. */
  trainingSeconds = 0;

  private constructor(folder: string, file: string, handle: FileHandle) {
    this.#folder = folder;
    this.#file = file;
    this.#handle = handle;
  }

  /**
   * Opens the history of a run folder, or begins it.
   *
   * @param onWarning hears of damaged lines
   * @throws EvopatchError `FILE_SYSTEM`
   */
  static async open(folder: string, onWarning: (message: string) => void): Promise<History> {
    const file = runFile(folder, 'history');
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, 'a+');
      const history = new History(folder, file, handle);
      await history.#read(onWarning);
      return history;
    } catch (cause) {
      await handle?.close();
      throw fileSystemError('cannot open the file', file, cause);
    }
  }

  /**
   * Adds a line, behind those under way, unless an earlier process did.
   *
   * @throws EvopatchError `FILE_SYSTEM`; no line can be added any more then.
   */
  async append(record: EvaluationRecord, evaluation: Evaluation): Promise<void> {
    if (this.#recorded.has(identityOf(record))) return;
    const text = encodeCheckedJson({ ...record, ...evaluationToJson(evaluation) });
    this.#written = this.#written.then(() => this.#appendLine(record.key, text, isRepeatable(evaluation)));
    this.#written.catch(() => undefined); // thrown below, and for every line to come
    try {
      await this.#written;
    } catch (cause) {
      throw fileSystemError('cannot write the file', this.#file, cause);
    }
  }

  async get(key: string): Promise<Evaluation | undefined> {
    const line = this.#lines.get(key);
    if (line === undefined) return undefined;
    try {
      const { buffer } = await this.#handle.read(Buffer.alloc(line.length), 0, line.length, line.start);
      const { evaluation, hasWeights } = evaluationFromJson(decodeCheckedJson(buffer.toString()));
      if (!hasWeights || evaluation.status === 'failed') return evaluation;
      const weights = await readWeights(this.#weightsFile(key));
      return weights && { ...evaluation, weights };
    } catch {
      return undefined; // damaged since it was opened
    }
  }

  /** Keeps the weights alone, before `append` writes a line that says there are some. */
  async put(key: string, evaluation: Evaluation): Promise<void> {
    if (evaluation.status === 'failed' || evaluation.weights === undefined) return;
    await writeWeights(this.#weightsFile(key), evaluation.weights);
  }

  /** Waits until the disk has it all. @throws EvopatchError `FILE_SYSTEM` */
  async sync(): Promise<void> {
    try {
      await this.#written;
      await this.#handle.datasync();
    } catch (cause) {
      throw fileSystemError('cannot write the file', this.#file, cause);
    }
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#handle.close().catch(() => undefined); // what is lost now is trained again
  }

  #weightsFile(key: string): string {
    return join(runFile(this.#folder, 'weights'), `${key}.safetensors`);
  }

  async #appendLine(key: string, text: string, known: boolean): Promise<void> {
    const bytes = Buffer.from(`${text}\n`);
    await this.#handle.appendFile(bytes);
    if (known) this.#lines.set(key, { start: this.#size, length: bytes.length - 1 });
    this.#size += bytes.length;
  }

  async #read(onWarning: (message: string) => void): Promise<void> {
    const bytes = await this.#handle.readFile();
    let row = 0;
    for (const { start, end, isEnded } of lineSpans(bytes)) {
      if (!isEnded) {
        await this.#handle.truncate(start);
        break;
      }
      row++;
      this.#size = end + 1;
      try {
        this.#remember(bytes.toString('utf8', start, end), { start, length: end - start });
      } catch (cause) {
        onWarning(`${this.#file}, row ${row}: passed over, since it is damaged: ${(cause as Error).message}`);
      }
    }
  }

  #remember(text: string, line: Line): void {
    const record = decodeCheckedJson(text) as unknown as EvaluationRecord; // as the checksum says
    const { evaluation } = evaluationFromJson(record);
    this.trainingSeconds += record.seconds;
    if (!isRepeatable(evaluation)) return;
    this.#lines.set(record.key, line);
    this.#recorded.add(identityOf(record));
  }
}

/** Identifies an evaluation of a run: one that is asked for again after an interruption has the same identity. */
function identityOf({ purpose, generation, rung, repeat, index, key }: EvaluationRecord): string {
  return [purpose, generation, rung, repeat, index, key].join('/');
}
