import { readLines } from '../core/byte-lines.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { hashFile } from '../core/hash-file.ts';
import type { Dataset, Split } from './dataset.ts';
import type { FaceSource, LabelledPicture, UnreadablePicture } from './face-source.ts';
import { type LoadOptions, parseLoadOptions } from './load-options.ts';
import { loadSource } from './load-source.ts';

/** The classes of FER2013 in the order of its labels (Goodfellow et al. 2013). */
export const FER2013_CLASSES = ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'] as const;

const COLUMNS = ['emotion', 'pixels', 'Usage'] as const;
const SPLIT_OF_USAGE: ReadonlyMap<string, Split> = new Map([
  ['Training', 'train'],
  ['PublicTest', 'validation'],
  ['PrivateTest', 'test'],
]);
const SIDE = 48;
const PIXELS = SIDE * SIDE;
const LONGEST_LINE = 1 << 16;
const COMMA = 0x2c;
const QUOTE = 0x22;
const SPACE = 0x20;
const ZERO = 0x30;

/** Which field of a line is which column. */
type Layout = Readonly<Record<(typeof COLUMNS)[number], number>>;

/**
 * Loads the csv of FER2013, plain or gzipped: the columns emotion (0–6), pixels (48×48 grey levels, separated by
 * spaces) and Usage, in any order. Training, PublicTest and PrivateTest become train, validation and test.
 *
 * @throws EvopatchError `INVALID_DATA` with file, row and column; `INVALID_OPTION`; `FILE_SYSTEM`; `ABORTED`.
 */
export async function loadFer2013(file: string, options: LoadOptions = {}): Promise<Dataset> {
  return await loadSource(fer2013Source(file), parseLoadOptions(options));
}

/** The rows of the csv of FER2013. A row with wrong pixels counts as an image that cannot be read. */
export function fer2013Source(file: string): FaceSource {
  return {
    name: file,
    classes: FER2013_CLASSES,
    key: 'row',
    pictures: (signal) => readRows(file, signal),
    contentHash: (signal) => hashFile(file, signal),
    pathOf: () => file,
  };
}

/**
 * The lines are scanned as bytes. The csv parser turns the 270 MB of digits into strings first, which takes it 7.5 s for
 * 32,298 rows; unpacking, scanning, drawing the frames and hashing them take 3.4 s together this way.
 */
async function* readRows(
  file: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<LabelledPicture | UnreadablePicture> {
  let layout: Layout | undefined;
  let count = 0;
  for await (const { bytes, row } of readLines(file, LONGEST_LINE, { signal })) {
    const fields = splitFields(bytes);
    if (layout === undefined) {
      layout = readHeader(fields, file, row);
      continue;
    }
    if (fields.length !== COLUMNS.length) {
      const data = { file, row, given: `${fields.length} columns`, hint: `A row is ${COLUMNS.join()}.` };
      throw invalid('the row does not have 3 columns', data);
    }
    const label = readLabel(fields[layout.emotion], file, row);
    const split = readSplit(fields[layout.Usage], file, row);
    const pixels = new Uint8Array(PIXELS);
    yield readPixels(fields[layout.pixels], pixels)
      ? {
          picture: { pixels, width: SIDE, height: SIDE },
          label: FER2013_CLASSES[label],
          split,
          row: count,
          line: row,
        }
      : { error: pixelError(fields[layout.pixels], file, row) };
    count++;
  }
  const hint = `The first line is ${COLUMNS.join()}; each further line is one face.`;
  if (layout === undefined) throw invalid('the file is empty', { file, hint });
  if (count === 0) throw invalid('no faces below the header', { file, hint });
}

function readHeader(fields: readonly Uint8Array[], file: string, row: number): Layout {
  const names = fields.map(textOf);
  const [emotion, pixels, Usage] = COLUMNS.map((name) => names.indexOf(name));
  if (names.length === COLUMNS.length && emotion >= 0 && pixels >= 0 && Usage >= 0) {
    return { emotion, pixels, Usage };
  }
  const option = COLUMNS.find((name) => !names.includes(name));
  const hint = `The header is ${COLUMNS.join()}.`;
  throw invalid('not the header of FER2013', { file, row, option, given: names.join(), hint });
}

/** Fields between commas, without the quotes around them. */
function splitFields(line: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let start = 0; start <= line.length; ) {
    const comma = line.indexOf(COMMA, start);
    const end = comma < 0 ? line.length : comma;
    const quoted = end - start > 1 && line[start] === QUOTE && line[end - 1] === QUOTE;
    fields.push(quoted ? line.subarray(start + 1, end - 1) : line.subarray(start, end));
    start = end + 1;
  }
  return fields;
}

/** Whether the text is 2304 whole numbers from 0 to 255; they are then in `pixels`. */
function readPixels(text: Uint8Array, pixels: Uint8Array): boolean {
  let count = 0;
  let value = -1;
  for (let i = 0; i <= text.length; i++) {
    const byte = i < text.length ? text[i] : SPACE;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value < 0 ? digit : value * 10 + digit;
      if (value > 255) return false;
    } else if (byte !== SPACE) {
      return false;
    } else if (value >= 0) {
      if (count === PIXELS) return false;
      pixels[count++] = value;
      value = -1;
    }
  }
  return count === PIXELS;
}

function pixelError(text: Uint8Array, file: string, row: number): EvopatchError {
  const values = textOf(text).split(/ +/).filter(Boolean);
  const hint = `A face is ${PIXELS} whole numbers from 0 to 255, separated by spaces.`;
  const bad = values.findIndex((value) => !/^\d+$/.test(value) || Number(value) > 255);
  const data = { file, row, option: 'pixels', hint };
  return bad < 0
    ? invalid('wrong number of pixels', { ...data, given: `${values.length} numbers` })
    : invalid(`pixel ${bad + 1} is not a grey level`, { ...data, given: values[bad] });
}

function readLabel(field: Uint8Array, file: string, row: number): number {
  const text = textOf(field);
  const label = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (label < FER2013_CLASSES.length) return label;
  const hint = `Labels are ${FER2013_CLASSES.map((name, i) => `${i} ${name}`).join(', ')}.`;
  throw invalid('not a label', { file, row, option: 'emotion', given: text, hint });
}

function readSplit(field: Uint8Array, file: string, row: number): Split {
  const split = SPLIT_OF_USAGE.get(textOf(field));
  if (split !== undefined) return split;
  const hint = `Usage is one of ${[...SPLIT_OF_USAGE.keys()].join(', ')}.`;
  throw invalid('not a usage', { file, row, option: 'Usage', given: textOf(field), hint });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').trim();
}

function invalid(problem: string, data: ErrorData): EvopatchError {
  return new EvopatchError('INVALID_DATA', problem, data);
}
