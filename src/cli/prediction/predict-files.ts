import { decodePhoto } from '../../images/decode-photo.ts';
import type { Photo } from '../../images/photo.ts';
import type { ExpressionModel } from '../../prediction/expression-model.ts';
import { type PredictedFrame, predictStream, type StreamOptions } from '../../prediction/predict-stream.ts';

/** A photo that cannot be read. */
export interface UnreadPhoto {
  readonly file: string;
  readonly cause: unknown;
}

/** Reads the faces of photos as the frames of one stream, one photo at a time, and reports those that cannot be read. */
export async function* predictFiles(
  model: ExpressionModel,
  files: readonly string[],
  options: StreamOptions,
): AsyncGenerator<(PredictedFrame & { readonly file: string }) | UnreadPhoto> {
  const unread: UnreadPhoto[] = [];
  let file = '';
  const decodeEach = async function* (): AsyncGenerator<Photo> {
    for (file of files) {
      const photo = await decodePhoto(file).catch((cause: unknown) => void unread.push({ file, cause }));
      if (photo) yield photo;
    }
  };
  for await (const frame of predictStream(model, decodeEach(), options)) {
    yield* unread.splice(0);
    yield { ...frame, file };
  }
  yield* unread;
}
