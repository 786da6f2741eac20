import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { TextOptions } from './byte-lines.ts';
import { readBytes } from './byte-stream.ts';
import { EvopatchError } from './errors.ts';
import { decodeLines } from './text-lines.ts';

export interface CsvRecord {
  readonly fields: readonly string[];
  /** One-based line in the file (the last one of a record with line breaks in quotes). */
  readonly row: number;
}

const LONGEST_RECORD = 1 << 16;

/**
 * The records of a plain or gzipped csv file, the header among them, as they stream by; fields are trimmed and empty
 * lines left out.
 *
 * @throws EvopatchError as `readBytes` and `decodeLines`, and `INVALID_DATA` for broken quotes or a record of more than 64 KiB.
 */
export async function* readCsv(
  file: string,
  { delimiter = ',', ...options }: TextOptions & { readonly delimiter?: string } = {},
): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true, // the readers know their columns and name the one that is missing
    max_record_size: LONGEST_RECORD,
  });
  const text = decodeLines(readBytes(file, options), file, options.encoding);
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
