import { encodePicture, PICTURE_ENDINGS } from '../../charts/encode-picture.ts';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { EvopatchError } from '../../core/errors.ts';
import { formatOf } from '../../maps/map-file.ts';
import { drawPredictions } from '../../prediction/drawing/draw-predictions.ts';
import type { ExpressionModel } from '../../prediction/expression-model.ts';
import type { StreamOptions } from '../../prediction/predict-stream.ts';
import { formatCount } from '../../summary/format.ts';
import { groupByFolder, type PhotoFiles } from './photo-files.ts';
import { predictAnimation } from './predict-animation.ts';
import { predictFiles } from './predict-files.ts';
import { predictRows } from './predict-rows.ts';
import type { PictureResult } from './predicted-photo.ts';
import type { StageTimes } from './stage-times.ts';

/** What the prediction needs besides the model. */
export interface PictureSinks {
  /** The file of the drawing of each picture. */
  readonly drawings: ReadonlyMap<string, string> | undefined;
  readonly times: StageTimes;
  /** The model for pictures that one face fills. */
  readonly cropModel: ExpressionModel;
  /** Shows the progress of an animation. */
  readonly showProgress: (text: string) => void;
}

/**
 * Reads and draws the faces of photos and animations, and reads those of csvs, one picture at a time. A picture that cannot be
 * read does not stop the others.
 *
 * @throws EvopatchError `FILE_SYSTEM` where a drawing cannot be written, `ABORTED`.
 */
export async function* predictPictures(
  model: ExpressionModel,
  { files, animations, csvs }: PhotoFiles,
  options: StreamOptions,
  { drawings, times, showProgress, cropModel }: PictureSinks,
): AsyncGenerator<PictureResult, void, undefined> {
  const followed = options.everyFrames !== undefined || options.smoothing !== undefined;
  for (const group of groupByFolder(files, new Set([...(animations ?? []), ...(csvs ?? [])]))) {
    const [first] = group;
    if (csvs?.has(first)) {
      try {
        yield* predictRows(cropModel, first, options, times);
      } catch (cause) {
        yield failure(first, cause);
      }
      continue;
    }
    if (animations?.has(first)) {
      const onFrame = (done: number, total: number) =>
        showProgress(`${first}: ${formatCount(done)} of ${formatCount(total)} frames`);
      try {
        const drawing = drawings?.get(first);
        yield { animation: await predictAnimation(model, first, options, drawing, times, onFrame) };
      } catch (cause) {
        yield failure(first, cause);
      }
      continue;
    }
    for await (const read of predictFiles(model, group, { ...options, thorough: !followed })) {
      if ('cause' in read) {
        yield failure(read.file, read.cause);
        continue;
      }
      const { file, photo, faces } = read;
      const drawing = drawings?.get(file);
      const start = performance.now();
      if (drawing !== undefined) await saveDrawing(drawing, drawPredictions(photo, faces));
      times.add(read, performance.now() - start);
      yield { photo: { file, width: photo.width, height: photo.height, faces, drawing }, followed };
    }
  }
}

/** Reports a failure to read a picture. @throws any cause that is not about the picture itself */
function failure(file: string, cause: unknown): PictureResult {
  const isOfPicture =
    cause instanceof EvopatchError && (cause.code === 'INVALID_IMAGE' || cause.data.file === file);
  if (!isOfPicture) throw cause;
  return { error: { file, code: cause.code, message: cause.message }, cause };
}

async function saveDrawing(file: string, png: Uint8Array): Promise<void> {
  await writeFileAtomic(file, await encodePicture(png, formatOf(file, PICTURE_ENDINGS)));
}
