import type { Line } from '../core/byte-lines.ts';
import { fieldText, splitFields } from '../core/delimited.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { CsvLabels, FER2013_CLASSES } from './csv-labels.ts';
import type { Split } from './dataset.ts';
import type { LabelledPicture, UnreadablePicture } from './face-source.ts';
import { PIXEL_CSV_HINT, type PixelCsvLayout, readPixelCsvHeader } from './pixel-csv-header.ts';
import { pixelError, scanPixels, sideOf } from './pixel-values.ts';
import { SPLIT_NAMES_HINT, splitOfName } from './split-names.ts';

const FER2013_SIDE = 48;
const FER2013_COLUMN = 'emotion';

/** Reads a csv of pixels once; classes and notes are complete at the end. */
export class PixelCsvReader {
  readonly #file: string;
  #layout: PixelCsvLayout | undefined;
  /** Side of the pictures, known after the first readable one. */
  #side: number | undefined;
  #labels: CsvLabels | undefined;
  #count = 0;

  readonly #pixelsOnly: boolean;

  /** @param pixelsOnly whether to ignore labels and splits */
  constructor(file: string, pixelsOnly = false) {
    this.#file = file;
    this.#pixelsOnly = pixelsOnly;
  }

  get classes(): readonly string[] {
    return this.#labels?.classes ?? [];
  }

  /** Notes on ignored columns, unknown labels and missing splits. */
  get notes(): readonly string[] {
    const { ignored = [] } = this.#layout ?? {};
    const strange = this.classes.filter((name) => /^\d+$/.test(name));
    const isFer2013 = strange.length < this.classes.length && strange.length > 0;
    return [
      ...(ignored.length > 0 ? [`columns that are not read: ${ignored.join(', ')}`] : []),
      ...(isFer2013 && this.classes[0] === FER2013_CLASSES[0]
        ? [`labels unknown to FER2013 become classes named by their numbers: ${strange.join(', ')}`]
        : []),
    ];
  }

  async *read(lines: AsyncIterable<Line>): AsyncGenerator<LabelledPicture | UnreadablePicture> {
    for await (const { bytes, row } of lines) {
      if (this.#layout === undefined) {
        const layout = readPixelCsvHeader(bytes, this.#file, row);
        this.#layout = this.#pixelsOnly ? { ...layout, label: -1, split: -1 } : layout;
      } else yield this.#readRow(splitFields(bytes, this.#layout.delimiter), this.#layout, row);
    }
    if (this.#layout === undefined) throw this.#invalid('the file is empty', { hint: PIXEL_CSV_HINT });
    if (this.#count === 0) throw this.#invalid('no faces below the header', { hint: PIXEL_CSV_HINT });
  }

  #readRow(
    fields: readonly Uint8Array[],
    layout: PixelCsvLayout,
    row: number,
  ): LabelledPicture | UnreadablePicture {
    const { columns, pixels: range } = layout;
    if (fields.length !== columns.length) {
      const hint = `A row is ${shown(columns)}. Remove lines that are not rows.`;
      const problem = `the row does not have ${columns.length} columns`;
      throw this.#invalid(problem, { row, given: `${fields.length} columns`, hint });
    }
    const split = this.#readSplit(fields, layout, row);
    const text = rangeOf(fields[range[0]], fields[range[1]]);
    const pixels = scanPixels(text);
    const side = pixels && sideOf(pixels.length);
    const count = this.#count++;
    if (pixels === undefined || side === undefined || side !== (this.#side ?? side)) {
      return { error: pixelError(text, this.#side, this.#file, row) };
    }
    this.#side = side;
    const label = this.#readLabel(fields, layout, row);
    return { picture: { pixels, width: side, height: side }, label, split, row: count, line: row };
  }

  #readLabel(
    fields: readonly Uint8Array[],
    { columns, label }: PixelCsvLayout,
    row: number,
  ): string | undefined {
    if (label < 0) return undefined;
    const column = columns[label];
    this.#labels ??= new CsvLabels(column.toLowerCase() === FER2013_COLUMN && this.#side === FER2013_SIDE);
    return this.#labels.nameOf(fieldText(fields[label]), column, this.#file, row);
  }

  #readSplit(fields: readonly Uint8Array[], { columns, split }: PixelCsvLayout, row: number): Split {
    if (split < 0) return 'train';
    const given = fieldText(fields[split]);
    const found = splitOfName(given);
    if (found !== undefined) return found;
    const hint = `It is one of ${SPLIT_NAMES_HINT}.`;
    throw this.#invalid('not a split', { row, option: columns[split], given, hint });
  }

  #invalid(problem: string, data: ErrorData): EvopatchError {
    return new EvopatchError('INVALID_DATA', problem, { file: this.#file, ...data });
  }
}

/** Gives the bytes from the beginning of one field of a line to the end of another. */
function rangeOf(first: Uint8Array, last: Uint8Array): Uint8Array {
  if (first === last) return first;
  return new Uint8Array(first.buffer, first.byteOffset, last.byteOffset + last.byteLength - first.byteOffset);
}

function shown(columns: readonly string[]): string {
  return columns.length > 10 ? `${columns.slice(0, 4).join()},…,${columns.at(-1)}` : columns.join();
}
