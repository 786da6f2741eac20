import type { LabelledPicture } from './face-source.ts';

/** Limits of one batch of pictures. */
export interface BatchLimits {
  readonly pictures: number;
  /** Bytes of the pictures in colour; a picture larger than this forms a batch of its own. */
  readonly bytes: number;
}

export const BATCH_LIMITS: BatchLimits = { pictures: 256, bytes: 64 * 2 ** 20 };

/** Gathers pictures into non-empty batches and keeps their order. */
export async function* gatherBatches(
  pictures: AsyncIterable<LabelledPicture>,
  limits: BatchLimits = BATCH_LIMITS,
): AsyncGenerator<readonly LabelledPicture[], void, undefined> {
  let batch: LabelledPicture[] = [];
  let bytes = 0;
  for await (const next of pictures) {
    const { width, height } = next.picture;
    const size = 3 * width * height;
    if (batch.length === limits.pictures || (batch.length > 0 && bytes + size > limits.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(next);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
