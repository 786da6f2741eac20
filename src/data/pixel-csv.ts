import { type Line, linesOf, readLines, type TextOptions } from '../core/byte-lines.ts';
import { readPipe } from '../core/byte-stream.ts';
import { EvopatchError } from '../core/errors.ts';
import { contentHash } from '../core/hash.ts';
import { hashFile } from '../core/hash-file.ts';
import type { FaceSource, LabelledPicture, UnreadablePicture } from './face-source.ts';
import { isPixelCsv, readColumns } from './pixel-csv-header.ts';
import { PixelCsvReader } from './pixel-csv-reader.ts';
import { MAX_PIXEL_LINE } from './pixel-values.ts';

export interface PixelCsvOptions extends Pick<TextOptions, 'encoding'> {
  /** Whether to ignore labels and splits. @defaultValue false */
  readonly pixelsOnly?: boolean;
}

/**
 * Opens a csv of pixels such as that of FER2013. A row with wrong pixels counts as an image that cannot be read. Without a column
 * of splits all rows are training rows; without a column of labels the faces have none.
 */
export function pixelCsvSource(file: string, { encoding, pixelsOnly }: PixelCsvOptions = {}): FaceSource {
  const onRead = (read: number, size: number) => {
    source.share = read / size;
  };
  const source = new PixelCsvSource(
    file,
    (signal) => readLines(file, MAX_PIXEL_LINE, { encoding, signal, onRead }),
    async (signal) => {
      const hash = await hashFile(file, signal);
      return encoding === undefined ? hash : contentHash({ hash, encoding });
    },
    pixelsOnly,
  );
  return source;
}

/**
 * Opens a csv of pixels that comes through standard input or a pipe, which can be read only once.
 *
 * @throws EvopatchError `INVALID_DATA` if it is not a csv of pixels; `FILE_SYSTEM`; `ABORTED`.
 */
export async function pipedPixelCsvSource(
  path: string,
  { encoding, signal, pixelsOnly }: PixelCsvOptions & Pick<TextOptions, 'signal'> = {},
): Promise<FaceSource> {
  const lines = linesOf(readPipe(path, signal), path, MAX_PIXEL_LINE, encoding);
  const header = await lines.next();
  const columns = header.done ? [] : readColumns(header.value.bytes).columns;
  if (!isPixelCsv(columns)) {
    await lines.return(undefined);
    const hint = 'A pipe may hold a csv of pixels; write anything else to a file first.';
    throw new EvopatchError('INVALID_DATA', 'not a csv of pixels', {
      file: path,
      given: columns.join(),
      hint,
    });
  }
  async function* all() {
    yield header.value as Line;
    yield* lines;
  }
  let rest: AsyncIterable<Line> | undefined = all();
  const read = () => {
    if (rest === undefined) {
      const hint = 'Write its content to a file first.';
      throw new EvopatchError('FILE_SYSTEM', 'a pipe can be read only once', { file: path, hint });
    }
    const given = rest;
    rest = undefined;
    return given;
  };
  return new PixelCsvSource(path, read, undefined, pixelsOnly);
}

class PixelCsvSource implements FaceSource {
  readonly name: string;
  readonly key = 'row';
  readonly contentHash: FaceSource['contentHash'];
  share: number | undefined;
  readonly #lines: (signal?: AbortSignal) => AsyncIterable<Line>;
  readonly #pixelsOnly: boolean | undefined;
  #reader: PixelCsvReader | undefined;

  constructor(
    name: string,
    lines: (signal?: AbortSignal) => AsyncIterable<Line>,
    contentHash?: FaceSource['contentHash'],
    pixelsOnly?: boolean,
  ) {
    this.name = name;
    this.#lines = lines;
    this.contentHash = contentHash;
    this.#pixelsOnly = pixelsOnly;
  }

  get classes(): readonly string[] {
    return this.#reader?.classes ?? [];
  }

  get notes(): readonly string[] {
    return this.#reader?.notes ?? [];
  }

  pictures(signal?: AbortSignal): AsyncIterable<LabelledPicture | UnreadablePicture> {
    this.#reader = new PixelCsvReader(this.name, this.#pixelsOnly);
    return this.#reader.read(this.#lines(signal));
  }

  pathOf(): string {
    return this.name;
  }
}
