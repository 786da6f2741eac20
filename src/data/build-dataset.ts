import { throwIfAborted } from '../core/byte-stream.ts';
import { EvopatchError } from '../core/errors.ts';
import { mapInOrder } from '../core/map-in-order.ts';
import { gatherBatches } from './batches.ts';
import type { Dataset } from './dataset.ts';
import { DatasetBuilder } from './dataset-builder.ts';
import type { FaceFinder } from './face-finder.ts';
import { asGrey, type FaceSource, type LabelledPicture } from './face-source.ts';
import type { LoadSettings } from './load-options.ts';
import type { Skips } from './skips.ts';

/**
 * Turns the pictures of a source into a data set, batch by batch: finds the faces, aligns them and draws their frames. It reads
 * the next batch while it works on the current one.
 *
 * @throws EvopatchError what the source, the finder and `skips` throw; `ABORTED`.
 */
export async function buildDataset(
  source: FaceSource,
  findFaces: FaceFinder,
  skips: Skips,
  { align, signal, onProgress }: Pick<LoadSettings, 'align' | 'signal' | 'onProgress'>,
): Promise<Dataset> {
  const builder = new DatasetBuilder(source.name, align);
  const labels = new Map<string, number>(); // in order of occurrence; the source knows the final order at its end
  for await (const batch of pictureBatches(source, skips, signal)) {
    const faces = await findFaces(batch);
    const { total = (builder.count + batch.length) / (source.share ?? 1), share } = source;
    for (const [i, { picture, label, split, subject, groups }] of batch.entries()) {
      const image = asGrey(picture);
      const record = { image, label: numberOf(label, labels, source), split, subject, groups, ...faces[i] };
      builder.add(record, total);
    }
    onProgress?.({ samples: builder.count, unaligned: builder.unaligned, total: source.total, share });
  }
  skips.finish(builder.count);
  builder.renumber([...labels.keys()].map((name) => source.classes.indexOf(name)));
  return builder.build(source.classes, skips.list.length);
}

function numberOf(label: string | undefined, labels: Map<string, number>, { name }: FaceSource): number {
  if (label === undefined) {
    const hint = 'Only predictions and landmarks work without labels.';
    throw new EvopatchError('INVALID_DATA', 'the faces have no labels', { file: name, hint });
  }
  const known = labels.get(label);
  if (known !== undefined) return known;
  labels.set(label, labels.size);
  return labels.size - 1;
}

/** Reads the readable pictures of a source in batches, one batch ahead of the reader. */
export function pictureBatches(
  source: FaceSource,
  skips: Skips,
  signal: AbortSignal | undefined,
): AsyncIterable<readonly LabelledPicture[]> {
  return mapInOrder(gatherBatches(readable(source, skips, signal)), 1, (batch) => {
    throwIfAborted(signal);
    return batch;
  });
}

async function* readable(
  source: FaceSource,
  skips: Skips,
  signal: AbortSignal | undefined,
): AsyncGenerator<LabelledPicture> {
  for await (const picture of source.pictures(signal)) {
    throwIfAborted(signal);
    if ('error' in picture) skips.add(picture);
    else yield picture;
  }
}
