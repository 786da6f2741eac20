import { throwIfAborted } from '../core/byte-stream.ts';
import { EvopatchError } from '../core/errors.ts';
import { decodePhoto } from '../images/decode-photo.ts';
import { greyOf } from '../images/photo.ts';
import { type FacePoints, pointsOf } from '../landmarks/points-file.ts';
import type { Dataset, Split } from './dataset.ts';
import { DatasetBuilder } from './dataset-builder.ts';
import type { LoadOptions } from './load-options.ts';

/** An image that is known by its file and not decoded yet. */
export interface ListedImage {
  /** Where the file lies. */
  readonly path: string;
  /** What a points file calls it: relative to the data folder, '/' between folders. */
  readonly file: string;
  /** Its row in the manifest from 0, where there is one. */
  readonly row?: number;
  readonly label: string;
  readonly split: Split;
  readonly subject?: number;
}

/** Images in memory at a time. */
const BATCH = 8;
const MOST_CLASSES = 256;

/**
 * Decodes listed images, a few at a time, into a data set. The classes are the labels, sorted by code unit.
 *
 * @throws EvopatchError `INVALID_DATA` for fewer than 2 or more than 256 classes or missing points; `INVALID_IMAGE`;
 * `ABORTED`.
 */
export async function loadListedImages(
  source: string,
  images: readonly ListedImage[],
  points: FacePoints | undefined,
  { signal, onProgress }: LoadOptions,
): Promise<Dataset> {
  const classes = [...new Set(images.map(({ label }) => label))].sort();
  if (classes.length < 2 || classes.length > MOST_CLASSES) {
    const hint = `A data set has 2 to ${MOST_CLASSES} classes.`;
    const data = { file: source, given: `${classes.length} classes`, hint };
    throw new EvopatchError('INVALID_DATA', 'too few or too many classes', data);
  }
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const builder = new DatasetBuilder(source, onProgress);
  for (let start = 0; start < images.length; start += BATCH) {
    throwIfAborted(signal);
    const batch = images.slice(start, start + BATCH);
    const decoded = await Promise.all(batch.map(async ({ path }) => greyOf(await decodePhoto(path))));
    for (const [i, { path, file, row, label, split, subject }] of batch.entries()) {
      const face = points && pointsOf(points, { row, file }, { file: path });
      builder.add({ ...decoded[i], label: numbers.get(label)!, split, subject, points: face });
    }
  }
  return builder.build(classes);
}
