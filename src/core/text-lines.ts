import { EvopatchError } from './errors.ts';
import { fileKind, KIND_BYTES } from './file-kind.ts';
import { decodeToUtf8, type TextForm, textFormOf } from './text-encoding.ts';

const MAX_LINE_BYTES = 2 ** 22;
const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/**
 * Decodes the text of a csv as a stream: blocks of whole lines in UTF-8, without the byte order mark. A lone carriage return, the
 * line break of old Macs and of Excel's "CSV (Macintosh)", becomes a newline outside quotes.
 *
 * @param encoding of a text without a byte order mark
 * @defaultValue UTF-8
 * @throws EvopatchError `INVALID_DATA` with file, row and byte for bytes that are invalid in the encoding, for NUL characters,
 * for a line of more than 4 MiB, and for a file of another kind, which it names; `INVALID_OPTION` for an unknown encoding.
 */
export async function* decodeLines(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  encoding?: string,
): AsyncGenerator<Uint8Array> {
  let form: TextForm | undefined;
  let begun: Uint8Array = new Uint8Array(0);
  let quoted = false;
  let position = { file, row: 1, offset: 0 };
  const decode = (bytes: Uint8Array) => {
    form ??= begin(bytes, file, encoding);
    const skipped = position.offset === 0 ? form.markBytes : 0;
    const start = { ...position, offset: position.offset + skipped };
    const text = decodeToUtf8(bytes.subarray(skipped), form.encoding, start);
    quoted = breakLines(text, quoted);
    position = { file, row: position.row + newLinesIn(text), offset: position.offset + bytes.length };
    return text;
  };
  for await (const chunk of chunks) {
    begun = join(begun, chunk);
    if (form === undefined && begun.length < KIND_BYTES) continue;
    form ??= begin(begun, file, encoding);
    const end = endOfLines(begun, form.encoding);
    if (end > 0) yield decode(begun.subarray(0, end));
    begun = begun.subarray(end);
    if (begun.length > MAX_LINE_BYTES) {
      const hint = `A line may have ${MAX_LINE_BYTES} bytes; is this the right file?`;
      throw new EvopatchError('INVALID_DATA', 'the line is too long', { file, row: position.row, hint });
    }
  }
  if (begun.length > 0) yield decode(begun);
}

function begin(start: Uint8Array, file: string, encoding: string | undefined): TextForm {
  const kind = fileKind(start);
  if (kind === undefined) return textFormOf(start, file, encoding);
  throw new EvopatchError('INVALID_DATA', `this is ${kind.name}, not a csv file`, { file, hint: kind.hint });
}

/** Counts the bytes up to and including the last line break; a carriage return at the very end may be half of one. */
function endOfLines(bytes: Uint8Array, encoding: string): number {
  if (!encoding.startsWith('utf-16')) {
    return Math.max(bytes.lastIndexOf(NEW_LINE), bytes.subarray(0, -1).lastIndexOf(CARRIAGE_RETURN)) + 1;
  }
  const low = encoding === 'utf-16le' ? 0 : 1; // index of the byte of a pair that contains the line break; the other is 0
  const last = bytes.length - (bytes.length % 2);
  for (let end = last; end > 0; end -= 2) {
    if (bytes[end - 1 - low] !== 0) continue;
    const unit = bytes[end - 2 + low];
    if (unit === NEW_LINE || (unit === CARRIAGE_RETURN && end < last)) return end;
  }
  return 0;
}

/**
 * Replaces lone carriage returns by newlines in place, except between quotes.
 *
 * @param quoted whether the text begins between quotes
 * @returns whether it ends there
 */
function breakLines(text: Uint8Array, quoted: boolean): boolean {
  let inside = quoted;
  let quote = text.indexOf(QUOTE);
  const passQuotes = (end: number) => {
    for (; quote >= 0 && quote < end; quote = text.indexOf(QUOTE, quote + 1)) inside = !inside;
  };
  for (let at = text.indexOf(CARRIAGE_RETURN); at >= 0; at = text.indexOf(CARRIAGE_RETURN, at + 1)) {
    passQuotes(at);
    if (text[at + 1] !== NEW_LINE && !inside) text[at] = NEW_LINE;
  }
  passQuotes(text.length);
  return inside;
}

function newLinesIn(text: Uint8Array): number {
  let count = 0;
  for (let at = text.indexOf(NEW_LINE); at >= 0; at = text.indexOf(NEW_LINE, at + 1)) count++;
  return count;
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  return first.length === 0 ? second : Buffer.concat([first, second]);
}
