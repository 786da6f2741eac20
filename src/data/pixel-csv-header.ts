import { delimiterOf, fieldText, splitFields } from '../core/delimited.ts';
import { EvopatchError } from '../core/errors.ts';

/** The positions of the fields of a line. */
export interface PixelCsvLayout {
  /** The byte between the fields. */
  readonly delimiter: number;
  readonly columns: readonly string[];
  /** Index of the label's field; −1 without labels. */
  readonly label: number;
  /** Index of the split's field; −1 without splits. */
  readonly split: number;
  /** First and last field of the pixels: the same one, or one for each pixel. */
  readonly pixels: readonly [first: number, last: number];
  /** Names of the columns that are not used. */
  readonly ignored: readonly string[];
}

/** Names of label columns in lower case, the preferred one first. */
const LABELS = ['emotion', 'label', 'class', 'expression', 'emotions', 'labels', 'classes', 'target'];
const SPLITS = ['usage', 'split', 'subset', 'partition', 'set'];
const PIXELS = ['pixels', 'pixel'];
/** The name of a column with one pixel, such as 'pixel0', 'px_17' or '17'. */
const NUMBERED = /^(?:pixel|px|p)?[ _-]?(\d+)$/;
const MIN_NUMBERED = 64;
/** Columns that number the rows: pandas writes one without a name. */
const ROW_NAMES = /^(unnamed: ?\d+|id|index|)$/;

export const PIXEL_CSV_HINT =
  'The columns are pixels, for training also emotion (or label, class), and optionally Usage (or split); ' +
  'or pixel0, pixel1 and so on.';

/** Tests whether the columns are those of a csv of pixels. */
export function isPixelCsv(columns: readonly string[]): boolean {
  return findPixels(columns.map((name) => name.toLowerCase())) !== undefined;
}

/** Reads the columns of a header and the delimiter between them. */
export function readColumns(header: Uint8Array): { delimiter: number; columns: string[] } {
  const delimiter = delimiterOf(header);
  return { delimiter, columns: splitFields(header, delimiter).map(fieldText) };
}

/**
 * Reads the header of a csv of pixels: names in any case and order.
 *
 * @throws EvopatchError `INVALID_DATA` without pixels or for a repeated name.
 */
export function readPixelCsvHeader(header: Uint8Array, file: string, row: number): PixelCsvLayout {
  const { delimiter, columns } = readColumns(header);
  const names = columns.map((name) => name.toLowerCase());
  const data = { file, row, given: columns.join(), hint: PIXEL_CSV_HINT };
  const pixels = findPixels(names);
  if (pixels === undefined) {
    throw new EvopatchError('INVALID_DATA', 'not the header of a csv of pixels', {
      ...data,
      option: 'pixels',
    });
  }
  const label = findColumn(names, LABELS);
  const split = findColumn(names, SPLITS);
  const isRead = (i: number) => i === label || i === split || (i >= pixels[0] && i <= pixels[1]);
  const twice = columns.find((_, i) => names.indexOf(names[i]) < i && isRead(names.indexOf(names[i])));
  if (twice !== undefined) {
    throw new EvopatchError('INVALID_DATA', 'this column occurs twice', { ...data, option: twice });
  }
  const ignored = columns.filter((_, i) => !isRead(i) && !ROW_NAMES.test(names[i]));
  return { delimiter, columns, label, split, pixels, ignored };
}

function findColumn(names: readonly string[], known: readonly string[]): number {
  const found = known.find((name) => names.includes(name));
  return found === undefined ? -1 : names.indexOf(found);
}

function findPixels(names: readonly string[]): readonly [number, number] | undefined {
  const single = findColumn(names, PIXELS);
  if (single >= 0) return [single, single];
  const numbers = names.map((name) => Number(NUMBERED.exec(name)?.[1] ?? Number.NaN));
  const first = numbers.findIndex((number, i) => number <= 1 && numbers[i + 1] === number + 1);
  if (first < 0) return undefined;
  let last = first;
  while (numbers[last + 1] === numbers[last] + 1) last++;
  return last - first + 1 >= MIN_NUMBERED ? [first, last] : undefined;
}
