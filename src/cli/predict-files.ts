import { decodePhoto } from '../images/decode-photo.ts';
import type { Photo } from '../images/photo.ts';
import type { ExpressionModel } from '../prediction/expression-model.ts';
import { type PredictedFrame, predictStream, type StreamOptions } from '../prediction/predict-stream.ts';

/**
 * Reads the faces of photos as the frames of one stream.
 *
 * @param skip hears why a photo cannot be read; throws where that is to stop everything.
 */
export async function* predictFiles(
  model: ExpressionModel,
  files: readonly string[],
  options: StreamOptions,
  skip: (file: string, cause: unknown) => void,
): AsyncGenerator<PredictedFrame & { readonly file: string }> {
  const read: string[] = [];
  const frames = decodeEach(files, read, skip);
  for await (const frame of predictStream(model, frames, options))
    yield { ...frame, file: read[frame.index] };
}

/** Photos as they are asked for; the names of those that can be read go to `read`, in their order. */
async function* decodeEach(
  files: readonly string[],
  read: string[],
  skip: (file: string, cause: unknown) => void,
): AsyncGenerator<Photo> {
  for (const file of files) {
    const photo = await decodePhoto(file).catch((cause) => skip(file, cause));
    if (photo === undefined) continue;
    read.push(file);
    yield photo;
  }
}
