import { readBytes } from './byte-stream.ts';
import { EvopatchError } from './errors.ts';

export interface Line {
  /** Without the line break. Valid until the next line is asked for. */
  readonly bytes: Uint8Array;
  /** One-based number in the file. */
  readonly row: number;
}

const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * The lines of a plain or gzipped text file, without copying those that lie within one chunk. Empty lines are left out.
 *
 * @throws EvopatchError as `readBytes`, and `INVALID_DATA` for a line of more than `longest` bytes.
 */
export async function* readLines(file: string, longest: number, signal?: AbortSignal): AsyncGenerator<Line> {
  let row = 0;
  let begun: Uint8Array = new Uint8Array(0);
  for await (const chunk of readBytes(file, signal)) {
    let start = 0;
    for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, start)) {
      const bytes = finish(join(begun, chunk.subarray(start, end)), ++row, longest, file);
      if (bytes.length > 0) yield { bytes, row };
      begun = new Uint8Array(0);
      start = end + 1;
    }
    begun = join(begun, chunk.subarray(start));
    finish(begun, row + 1, longest, file);
  }
  const bytes = finish(begun, ++row, longest, file);
  if (bytes.length > 0) yield { bytes, row };
}

function finish(line: Uint8Array, row: number, longest: number, file: string): Uint8Array {
  if (line.length > longest) {
    const hint = `A line may have ${longest} bytes; is this the right file?`;
    throw new EvopatchError('INVALID_DATA', 'the line is too long', {
      file,
      row,
      given: `${line.length} bytes`,
      hint,
    });
  }
  const marked = row === 1 && BYTE_ORDER_MARK.every((byte, i) => line[i] === byte);
  return line.subarray(marked ? BYTE_ORDER_MARK.length : 0, line.at(-1) === CARRIAGE_RETURN ? -1 : undefined);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
