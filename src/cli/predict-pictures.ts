import { encodePicture, PICTURE_ENDINGS } from '../charts/encode-picture.ts';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';
import { originalSize } from '../images/photo.ts';
import { formatOf } from '../maps/map-file.ts';
import { drawPredictions } from '../prediction/drawing/draw-predictions.ts';
import type { ExpressionModel } from '../prediction/expression-model.ts';
import type { StreamOptions } from '../prediction/predict-stream.ts';
import { formatCount } from '../summary/format.ts';
import { groupByFolder, type PhotoFiles } from './photo-files.ts';
import { predictAnimation } from './predict-animation.ts';
import { predictFiles } from './predict-files.ts';
import type { PredictedAnimation, PredictedPhoto } from './predicted-photo.ts';
import type { StageTimes } from './stage-times.ts';

/** Where things go beside the predictions. */
export interface PictureSinks {
  /** The file of the drawing of each picture. */
  readonly drawings: ReadonlyMap<string, string> | undefined;
  readonly times: StageTimes;
  /** Hears how far it is. */
  readonly tell: (text: string) => void;
  /** Hears why a picture cannot be read; throws where that is to stop everything. */
  readonly skip: (file: string, cause: unknown) => void;
}

async function saveDrawing(file: string, png: Uint8Array): Promise<void> {
  await writeFileAtomic(file, await encodePicture(png, formatOf(file, PICTURE_ENDINGS)));
}

/** Reads and draws the faces of photos and animations. @throws EvopatchError what `skip` throws, `FILE_SYSTEM`, `ABORTED`. */
export async function predictPictures(
  model: ExpressionModel,
  { files, animations: moving }: PhotoFiles,
  options: StreamOptions,
  { drawings, times, tell, skip }: PictureSinks,
): Promise<{ photos: PredictedPhoto[]; animations: PredictedAnimation[] }> {
  const photos: PredictedPhoto[] = [];
  const animations: PredictedAnimation[] = [];
  for (const group of groupByFolder(files, moving)) {
    const [first] = group;
    if (moving?.has(first)) {
      const onFrame = (done: number, total: number) =>
        tell(`${first}: ${formatCount(done)} of ${formatCount(total)} frames`);
      try {
        animations.push(await predictAnimation(model, first, options, drawings?.get(first), times, onFrame));
      } catch (cause) {
        if (!(cause instanceof EvopatchError) || cause.code !== 'INVALID_IMAGE') throw cause;
        skip(first, cause);
      }
      continue;
    }
    for await (const frame of predictFiles(model, group, options, skip)) {
      const { file, photo, faces } = frame;
      const drawing = drawings?.get(file);
      const start = performance.now();
      if (drawing !== undefined) await saveDrawing(drawing, drawPredictions(photo, faces));
      times.add(frame, performance.now() - start);
      photos.push({ file, ...originalSize(photo), faces, drawing });
      tell(`${formatCount(photos.length)} of ${formatCount(files.length)} photos`);
    }
  }
  return { photos, animations };
}
