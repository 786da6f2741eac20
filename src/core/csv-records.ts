import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { TextOptions } from './byte-lines.ts';
import { readBytes } from './byte-stream.ts';
import { delimiterOf } from './delimited.ts';
import { EvopatchError } from './errors.ts';
import { decodeLines } from './text-lines.ts';

export interface CsvRecord {
  readonly fields: readonly string[];
  /** One-based line in the file (the last line of a record with line breaks in quotes). */
  readonly row: number;
}

const MAX_RECORD = 1 << 16;
const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Reads the records of a plain or gzipped csv file as a stream, including the header; trims fields and skips empty lines. The
 * header decides whether commas, semicolons or tabs separate the fields.
 *
 * @throws EvopatchError as `readBytes` and `decodeLines`, and `INVALID_DATA` for broken quotes or a record of more than 64 KiB.
 */
export async function* readCsv(file: string, options: TextOptions = {}): AsyncGenerator<CsvRecord> {
  const blocks = decodeLines(readBytes(file, options), file, options.encoding);
  const { done, value: first } = await blocks.next();
  if (done) return;
  async function* text() {
    yield first as Uint8Array;
    yield* blocks;
  }
  const parser = parse({
    delimiter: String.fromCharCode(delimiterOf(firstLine(first))),
    record_delimiter: ['\n', '\r\n'],
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true, // the callers know the columns and name a missing one
    max_record_size: MAX_RECORD,
  });
  pipeline(text, parser, () => undefined); // an error of the source surfaces in the parser
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      yield { fields: record, row: info.lines };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const row = typeof cause.lines === 'number' ? cause.lines : undefined;
    const hint = 'Write the file as comma-separated values.';
    throw new EvopatchError('INVALID_DATA', `not a csv file: ${cause.message}`, { file, row, hint }, cause);
  } finally {
    parser.destroy();
  }
}

/** Finds the first line of a block that is not empty. */
function firstLine(block: Uint8Array): Uint8Array {
  const start = block.findIndex((byte) => byte !== NEW_LINE && byte !== CARRIAGE_RETURN);
  const end = block.indexOf(NEW_LINE, Math.max(0, start));
  return block.subarray(Math.max(0, start), end < 0 ? block.length : end);
}
