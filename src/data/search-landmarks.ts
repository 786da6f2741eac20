import { alignFace } from '../landmarks/alignment.ts';
import { openLandmarkLocator } from '../landmarks/landmark-locator.ts';
import { type PictureFaces, writePoints } from '../landmarks/write-points.ts';
import { pictureBatches } from './build-dataset.ts';
import { asPhoto } from './face-source.ts';
import { type LoadOptions, parseLoadOptions } from './load-options.ts';
import { openPictures } from './picture-source.ts';
import { Skips } from './skips.ts';

/** The outcome of detecting the landmarks of a data set. */
export interface LandmarkSummary {
  readonly pictures: number;
  readonly faces: number;
  readonly withoutFace: number;
  /** Pictures without a face, or whose best face has points that alignment by similarity does not trust. */
  readonly unaligned: number;
  /** Images that could not be read and were left out. */
  readonly skipped: number;
}

/**
 * Detects the landmarks of a whole data set and writes them to a points csv for `points` of `loadDataset`: one face for each row
 * of a csv of pixels, all faces of each image.
 *
 * @param path a picture, a folder with its sub-folders, a manifest or a csv of pixels, without regard to labels; drawn faces
 * bring their own points
 * @param out the csv to write
 * @throws EvopatchError as `loadDataset`; it then writes nothing.
 */
export async function searchLandmarks(
  path: string,
  out: string,
  options: Omit<LoadOptions, 'points' | 'align'> = {},
): Promise<LandmarkSummary> {
  const settings = parseLoadOptions(options);
  const { faces: search, detector, workers, cacheFolder, signal, onProgress } = settings;
  const source = await openPictures(path, settings);
  const skips = new Skips(source, settings);
  const locator = openLandmarkLocator({ faces: search, detector, workers, cacheFolder });
  const found = { pictures: 0, faces: 0, withoutFace: 0, unaligned: 0 };
  async function* locate(): AsyncGenerator<PictureFaces> {
    for await (const batch of pictureBatches(source, skips, signal)) {
      const photos = batch.map(({ picture }) => asPhoto(picture));
      for (const [i, faces] of (await locator.locate(photos, signal)).entries()) {
        const [best] = faces;
        found.pictures++;
        found.faces += faces.length;
        if (best === undefined) found.withoutFace++;
        if (!best || alignFace('similarity', best.box, best.points).fallback) found.unaligned++;
        yield { name: batch[i][source.key] ?? '', faces };
      }
      onProgress?.({
        samples: found.pictures,
        unaligned: found.unaligned,
        total: source.total,
        share: source.share,
      });
    }
    skips.finish(found.pictures);
  }
  try {
    await writePoints(out, source.key, locate());
  } finally {
    await locator.close();
  }
  for (const note of source.notes ?? []) settings.onWarning?.(note);
  return { ...found, skipped: skips.list.length };
}
