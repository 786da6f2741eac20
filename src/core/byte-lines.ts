import { type ByteOptions, readBytes } from './byte-stream.ts';
import { EvopatchError } from './errors.ts';
import { decodeLines } from './text-lines.ts';

export interface Line {
  /** The bytes in UTF-8, without the line break. */
  readonly bytes: Uint8Array;
  /** One-based line number in the file. */
  readonly row: number;
}

export interface TextOptions extends ByteOptions {
  /** The encoding of a text without a byte order mark, such as 'windows-1251'. @defaultValue 'utf-8' */
  readonly encoding?: string;
}

const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Reads the lines of a plain or gzipped text file, without empty lines.
 *
 * @throws EvopatchError as `readBytes` and `decodeLines`, and `INVALID_DATA` for a line of more than `longest` bytes.
 */
export function readLines(file: string, longest: number, options: TextOptions = {}): AsyncGenerator<Line> {
  return linesOf(readBytes(file, options), file, longest, options.encoding);
}

/** Reads the lines of bytes from elsewhere; errors name them `file`. */
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
