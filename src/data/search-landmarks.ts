import { alignFace } from '../landmarks/alignment.ts';
import { openLandmarkLocator } from '../landmarks/landmark-locator.ts';
import { type PictureFaces, writePoints } from '../landmarks/write-points.ts';
import { pictureBatches } from './build-dataset.ts';
import { asPhoto } from './face-source.ts';
import { type LoadOptions, parseLoadOptions } from './load-options.ts';
import { openPictures } from './picture-source.ts';
import { Skips } from './skips.ts';

/** What a search for landmarks found. */
export interface LandmarkSummary {
  readonly pictures: number;
  readonly faces: number;
  readonly withoutFace: number;
  /** Pictures whose best face an alignment by similarity would not trust, those without a face among them. */
  readonly unaligned: number;
  /** Images that could not be read and were left out. */
  readonly skipped: number;
}

/**
 * Writes the landmarks of a whole data set to a points csv, which `loadDataset` takes as `points`: of a csv of pixels one
 * face a row, of images every face that was found.
 *
 * @param path a picture, a folder that is searched with all folders below, a manifest, or a csv of pixels; labels do not
 * count. Drawn faces bring their own points.
 * @param out the csv to write.
 * @throws EvopatchError as `loadDataset`; nothing is written then.
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
