import { type ByteOptions, readBytes } from './byte-stream.ts';
import { EvopatchError } from './errors.ts';
import { decodeLines } from './text-lines.ts';

export interface Line {
  /** In UTF-8, without the line break. */
  readonly bytes: Uint8Array;
  /** One-based number in the file. */
  readonly row: number;
}

export interface TextOptions extends ByteOptions {
  /** What the text is in where no byte order mark says so, as 'windows-1251'. @defaultValue 'utf-8' */
  readonly encoding?: string;
}

const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of a plain or gzipped text file. Empty lines are left out.
 *
 * @throws EvopatchError as `readBytes` and `decodeLines`, and `INVALID_DATA` for a line of more than `longest` bytes.
 */
export function readLines(file: string, longest: number, options: TextOptions = {}): AsyncGenerator<Line> {
  return linesOf(readBytes(file, options), file, longest, options.encoding);
}

/** Likewise, of bytes that come from elsewhere; `file` is what errors call them. */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
  file: string,
  longest: number,
  encoding?: string,
): AsyncGenerator<Line> {
  let row = 0;
  for await (const block of decodeLines(bytes, file, encoding)) {
    for (let start = 0; start < block.length; ) {
      const found = block.indexOf(NEW_LINE, start);
      const end = found < 0 ? block.length : found;
      row++;
      if (end - start > longest) throw tooLong(end - start, row, longest, file);
      const line = block.subarray(start, block[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
      if (line.length > 0) yield { bytes: line, row };
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
