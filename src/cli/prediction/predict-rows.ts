import { isPipe } from '../../core/pipe.ts';
import { pipedPixelCsvSource, pixelCsvSource } from '../../data/pixel-csv.ts';
import type { GreyImage, Photo } from '../../images/photo.ts';
import type { ExpressionModel } from '../../prediction/expression-model.ts';
import { predictStream, type StreamOptions } from '../../prediction/predict-stream.ts';
import type { PictureResult } from './predicted-photo.ts';
import type { StageTimes } from './stage-times.ts';

/**
 * Reads each row of a csv of pixels as a picture that one face fills, named FILE:ROW by its line; labels and splits are
 * ignored. A row with wrong pixels does not stop the others.
 *
 * @param model treats every picture as one face (search 'crop')
 * @throws EvopatchError `INVALID_DATA` where it is no csv of pixels or a row has other columns; `FILE_SYSTEM`, `ABORTED`.
 */
export async function* predictRows(
  model: ExpressionModel,
  file: string,
  { attributes, also, signal }: StreamOptions,
  times: StageTimes,
): AsyncGenerator<PictureResult, void, undefined> {
  const source = isPipe(file)
    ? await pipedPixelCsvSource(file, { signal, pixelsOnly: true })
    : pixelCsvSource(file, { pixelsOnly: true });
  const unread: PictureResult[] = [];
  let line: number | undefined;
  const pictures = async function* (): AsyncGenerator<Photo | GreyImage> {
    for await (const row of source.pictures(signal)) {
      if ('error' in row) {
        const { code, message, data } = row.error;
        unread.push({ error: { file: `${file}:${data.row}`, code, message }, cause: row.error });
        continue;
      }
      line = row.line;
      yield row.picture;
    }
  };
  try {
    for await (const frame of predictStream(model, pictures(), { attributes, also, signal })) {
      yield* unread.splice(0);
      times.add(frame, 0);
      const { width, height } = frame.photo;
      yield { photo: { file: `${file}:${line}`, width, height, faces: frame.faces }, followed: false };
    }
  } catch (cause) {
    yield* unread; // rows before the error
    throw cause;
  }
  yield* unread;
}
