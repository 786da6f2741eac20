import { type FileHandle, open } from 'node:fs/promises';
import * as z from 'zod';
import { decodeCheckedJson, encodeCheckedJson } from '../core/checked-json.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { parse } from '../core/parse.ts';
import type { LogEntry } from '../search/asynchronous/log-entry.ts';
import { proposalSchema, scoreSchema } from './checkpoint.ts';
import { runFile } from './file-names.ts';
import { lineSpans } from './history-lines.ts';

const count = z.int().min(0);
const seconds = z.number().min(0);
const entrySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bred'), seconds, known: count, proposals: z.array(proposalSchema) }),
  z.strictObject({
    type: z.literal('started'),
    seconds,
    known: count,
    training: count,
    hash: z.string(),
    rung: count,
    from: z.int().min(-1),
    repeat: count,
    generation: count,
  }),
  z.strictObject({ type: z.literal('ended'), seconds, training: count, score: scoreSchema.nullable() }),
]) satisfies z.ZodType<LogEntry>;

/**
 * The log of an asynchronous search: `decisions.jsonl`, a line with a checksum for each entry. From its lines follows where the
 * search is, so that a resumed run goes on from there.
 *
 * Whatever stands behind a damaged line, or behind a last line without its end, follows from something unknown: it is cut off, and
 * decided again.
 */
export class DecisionLog {
  /** Those that earlier processes of the run wrote. */
  readonly entries: readonly LogEntry[];
  readonly #file: string;
  readonly #handle: FileHandle;
  #written: Promise<unknown> = Promise.resolve();

  private constructor(file: string, handle: FileHandle, entries: readonly LogEntry[]) {
    this.#file = file;
    this.#handle = handle;
    this.entries = entries;
  }

  /**
   * Opens the log of a run folder, or begins it.
   *
   * @param onWarning hears of damaged lines
   * @throws EvopatchError `FILE_SYSTEM`
   */
  static async open(folder: string, onWarning: (message: string) => void): Promise<DecisionLog> {
    const file = runFile(folder, 'decisions');
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, 'a+');
      const bytes = await handle.readFile();
      const { entries, length, damage } = readEntries(bytes);
      if (damage !== undefined) onWarning(`${file}: goes on from row ${entries.length}, since ${damage}`);
      if (length < bytes.length) await handle.truncate(length);
      return new DecisionLog(file, handle, entries);
    } catch (cause) {
      await handle?.close();
      throw fileSystemError('cannot open the file', file, cause);
    }
  }

  /** Adds a line, behind those under way. @throws EvopatchError `FILE_SYSTEM`; no line can be added any more then. */
  async append(entry: LogEntry): Promise<void> {
    const line = Buffer.from(`${encodeCheckedJson(entry)}\n`);
    this.#written = this.#written.then(() => this.#handle.appendFile(line));
    await this.#whenWritten();
  }

  /** Waits until the disk has it all. @throws EvopatchError `FILE_SYSTEM` */
  async sync(): Promise<void> {
    this.#written = this.#written.then(() => this.#handle.datasync());
    await this.#whenWritten();
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#handle.close().catch(() => undefined); // what is lost now is decided again
  }

  async #whenWritten(): Promise<void> {
    try {
      await this.#written;
    } catch (cause) {
      throw fileSystemError('cannot write the file', this.#file, cause);
    }
  }
}

/** The entries up to the first damaged line, their length in bytes, and what is wrong with that line. */
function readEntries(bytes: Buffer) {
  const entries: LogEntry[] = [];
  let length = 0;
  for (const { start, end, isEnded } of lineSpans(bytes)) {
    if (!isEnded) break;
    try {
      const entry = decodeCheckedJson(bytes.toString('utf8', start, end));
      parse(entrySchema, entry, 'INVALID_DATA');
      entries.push(entry as unknown as LogEntry); // not zod's copy: the order of fields is kept
    } catch (cause) {
      return { entries, length, damage: `the next one is damaged: ${(cause as Error).message}` };
    }
    length = end + 1;
  }
  return { entries, length, damage: undefined };
}
