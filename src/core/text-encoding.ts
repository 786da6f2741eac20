import { isUtf8 } from 'node:buffer';
import { EvopatchError } from './errors.ts';

const UTF_8 = 'utf-8';
const MARKS: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  [UTF_8, [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];
/** Maximum bytes of a character in any encoding that TextDecoder knows, such as gb18030. */
const MAX_CHARACTER_BYTES = 4;
const SHOWN_BYTES = 4;
const CONVERT =
  'Convert it to UTF-8 (iconv -f windows-1251 -t utf-8), or, for the csv of a data set, name its encoding ' +
  '(--encoding windows-1251).';

/** The position of some bytes in a file. */
export interface TextPosition {
  readonly file: string;
  /** Line of the first byte, from 1. */
  readonly row: number;
  /** Offset of the first byte. */
  readonly offset: number;
}

/** The encoding of a file. */
export interface TextForm {
  /** A label of the Encoding Standard, such as utf-8, utf-16le or windows-1251. */
  readonly encoding: string;
  /** Bytes of the byte order mark. */
  readonly markBytes: number;
}

/**
 * Finds the encoding of a file: from its byte order mark, else the named one, else UTF-8.
 *
 * @param start the first 4 bytes, fewer if the file is shorter
 * @throws EvopatchError `INVALID_OPTION` for an unknown encoding, `INVALID_DATA` for UTF-32.
 */
export function textFormOf(start: Uint8Array, file: string, named?: string): TextForm {
  const declared = named === undefined ? UTF_8 : parseEncoding(named);
  const [encoding, mark] = MARKS.find(([, bytes]) => bytes.every((byte, i) => start[i] === byte)) ?? [
    declared,
    [],
  ];
  if (encoding.startsWith('utf-32')) {
    const hint = 'Convert it to UTF-8 (iconv -f utf-32 -t utf-8).';
    throw new EvopatchError('INVALID_DATA', 'text in UTF-32 cannot be read', { file, hint });
  }
  return { encoding, markBytes: mark.length };
}

/** Gives the standard name of an encoding. @throws EvopatchError `INVALID_OPTION` for an unknown one. */
export function parseEncoding(name: string): string {
  try {
    return new TextDecoder(name).encoding;
  } catch (cause) {
    const hint = 'Examples are utf-8, utf-16le, windows-1251, windows-1252, latin1, gbk and shift_jis.';
    throw new EvopatchError(
      'INVALID_OPTION',
      'not an encoding',
      { option: 'encoding', given: name, hint },
      cause,
    );
  }
}

/**
 * Checks text and converts it to UTF-8. The bytes must end with a whole character.
 *
 * @throws EvopatchError `INVALID_DATA` with file, row and byte for bytes that are invalid in the encoding, and for NUL.
 */
export function decodeToUtf8(bytes: Uint8Array, encoding: string, position: TextPosition): Uint8Array {
  const decoded = encoding === UTF_8 ? checkUtf8(bytes, position) : transcode(bytes, encoding, position);
  const nul = decoded.indexOf(0);
  if (nul < 0) return decoded;
  const before = Buffer.from(decoded.subarray(0, nul)).toString();
  const hint =
    'Is it a text? Convert UTF-16 without a byte order mark to UTF-8 (iconv -f utf-16le -t utf-8), or, for the csv of a ' +
    'data set, name the encoding (--encoding utf-16le).';
  throw textError('the text holds a NUL character', position, before, 'hexadecimal 0', hint);
}

/**
 * Decodes a whole text, UTF-8 or UTF-16 with a byte order mark, and drops the mark.
 *
 * @throws EvopatchError `INVALID_DATA` with file, row and byte.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const { encoding, markBytes } = textFormOf(bytes, file);
  const text = decodeToUtf8(bytes.subarray(markBytes), encoding, { file, row: 1, offset: markBytes });
  return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8');
}

function checkUtf8(bytes: Uint8Array, position: TextPosition): Uint8Array {
  if (!isUtf8(bytes)) throw undecodable(bytes, UTF_8, position);
  return bytes;
}

function transcode(bytes: Uint8Array, encoding: string, position: TextPosition): Uint8Array {
  const text = tryDecode(bytes, encoding);
  if (text === undefined) throw undecodable(bytes, encoding, position);
  return Buffer.from(text, 'utf8');
}

/** Makes the error that names the first byte that cannot be decoded. */
function undecodable(bytes: Uint8Array, encoding: string, position: TextPosition): EvopatchError {
  let [good, bad] = [0, bytes.length + 1]; // the first `good` bytes may begin a text; the first `bad` ones may not
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (tryDecode(bytes.subarray(0, middle), encoding, 'begun') !== undefined) good = middle;
    else bad = middle;
  }
  let start = good; // goes back to the beginning of the wrong or truncated character
  const first = Math.max(0, good - MAX_CHARACTER_BYTES);
  while (start > first && tryDecode(bytes.subarray(0, start), encoding) === undefined) start--;
  const given = [...bytes.subarray(start, start + SHOWN_BYTES)].map((byte) => byte.toString(16)).join(' ');
  const before = tryDecode(bytes.subarray(0, start), encoding) ?? '';
  return textError(
    `the text is not ${encoding.toUpperCase()} at byte ${position.offset + start + 1}`,
    position,
    before,
    `hexadecimal ${given}`,
    CONVERT,
  );
}

/** Decodes a whole text or the beginning of one; `undefined` if it is invalid in the encoding. */
function tryDecode(
  bytes: Uint8Array,
  encoding: string,
  text: 'whole' | 'begun' = 'whole',
): string | undefined {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  try {
    // Two calls, because in one call Node decodes windows-1252 as ISO 8859-1, where € is a control character.
    return decoder.decode(bytes, { stream: true }) + (text === 'whole' ? decoder.decode() : '');
  } catch {
    return undefined;
  }
}

function textError(
  problem: string,
  { file, row }: TextPosition,
  before: string,
  given: string,
  hint: string,
) {
  return new EvopatchError('INVALID_DATA', problem, {
    file,
    row: row + before.split(/\r\n|\r|\n/).length - 1,
    given,
    hint,
  });
}
