import { readBytes } from './byte-stream.ts';
import { EvopatchError } from './errors.ts';
import { decodeLines } from './text-lines.ts';

export interface Line {
  /** In UTF-8, without the line break. */
  readonly bytes: Uint8Array;
  /** One-based number in the file. */
  readonly row: number;
}

export interface TextOptions {
  /** What the text is in where no byte order mark says so, as 'windows-1251'. @defaultValue 'utf-8' */
  readonly encoding?: string;
  readonly signal?: AbortSignal;
}

const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of a plain or gzipped text file. Empty lines are left out.
 *
 * @throws EvopatchError as `readBytes` and `decodeLines`, and `INVALID_DATA` for a line of more than `longest` bytes.
 */
export async function* readLines(
  file: string,
  longest: number,
  { encoding, signal }: TextOptions = {},
): AsyncGenerator<Line> {
  let row = 0;
  for await (const block of decodeLines(readBytes(file, signal), file, encoding)) {
    for (let start = 0; start < block.length; ) {
      const found = block.indexOf(NEW_LINE, start);
      const end = found < 0 ? block.length : found;
      row++;
      if (end - start > longest) throw tooLong(end - start, row, longest, file);
      const bytes = block.subarray(start, block[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
      if (bytes.length > 0) yield { bytes, row };
      start = end + 1;
    }
  }
}

function tooLong(length: number, row: number, longest: number, file: string): EvopatchError {
  const hint = `A line may have ${longest} bytes; is this the right file?`;
  return new EvopatchError('INVALID_DATA', 'the line is too long', {
    file,
    row,
    given: `${length} bytes`,
    hint,
  });
}
