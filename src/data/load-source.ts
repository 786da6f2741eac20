import { join } from 'node:path';
import { throwIfAborted } from '../core/byte-stream.ts';
import { EvopatchError } from '../core/errors.ts';
import { contentHash } from '../core/hash.ts';
import { hashFile } from '../core/hash-file.ts';
import { makeFolder } from '../core/make-folder.ts';
import { sweepInside } from '../core/temporary-file.ts';
import { FACE_FRAME } from '../landmarks/frame-geometry.ts';
import { type LandmarkLocator, openLandmarkLocator } from '../landmarks/landmark-locator.ts';
import { readPoints } from '../landmarks/points-file.ts';
import { buildDataset } from './build-dataset.ts';
import type { Dataset } from './dataset.ts';
import { byLandmarks, byOwnPoints, byPoints, type FaceFinder, wholePictures } from './face-finder.ts';
import type { FaceSource, UnreadablePicture } from './face-source.ts';
import {
  FRAME_CACHE_FORMAT,
  readFrames,
  type StoredFrames,
  type StoredSkip,
  writeFrames,
} from './frame-cache.ts';
import type { LoadSettings } from './load-options.ts';
import { selectClasses } from './select-classes.ts';
import { Skips } from './skips.ts';

/**
 * Loads the data set of a source with the chosen classes: from the cache if possible, otherwise it prepares the frames and caches
 * them. Both give the same data, including skipped images. The cache holds all classes and does not depend on the choice.
 *
 * @throws EvopatchError for faults of the source; `FILE_SYSTEM` if the cache folder cannot be made; `ABORTED`.
 */
export async function loadSource(source: FaceSource, settings: LoadSettings): Promise<Dataset> {
  const { points, align, faces, detector, workers, cacheFolder } = settings;
  const searches = points === undefined && align !== 'none';
  const locator = searches ? openLandmarkLocator({ faces, detector, workers, cacheFolder }) : undefined;
  try {
    const dataset =
      cacheFolder === undefined || source.contentHash === undefined
        ? await build(source, settings, locator, new Skips(source, settings))
        : await loadCached(source, settings, locator, join(cacheFolder, 'frames'));
    return selectClasses(dataset, settings);
  } finally {
    await locator?.close();
  }
}

async function loadCached(
  source: FaceSource,
  settings: LoadSettings,
  locator: LandmarkLocator | undefined,
  folder: string,
): Promise<Dataset> {
  const { signal, onProgress } = settings;
  await sweepInside(folder);
  await makeFolder(folder); // fails before the work if the folder cannot be made
  await sweepInside(folder);
  const key = await keyOf(source, settings, locator);
  const file = join(folder, `${key}.bin`);
  const skips = new Skips(source, settings);
  const stored = await readFrames(file, signal);
  if (stored !== undefined) {
    for (const skip of stored.skips) skips.add(restoreSkip(skip, source));
    for (const note of source.notes?.length ? source.notes : stored.notes) settings.onWarning?.(note);
    const { count: samples, unaligned } = stored.dataset;
    onProgress?.({ samples, unaligned, total: source.total });
    return { name: source.name, ...stored.dataset };
  }
  const { name: _, ...dataset } = await build(source, settings, locator, skips);
  const unchanged = key === (await keyOf(source, settings, locator));
  if (unchanged)
    await keep(file, { dataset, skips: skips.list.map(storeSkip), notes: source.notes ?? [] }, signal);
  return { name: source.name, ...dataset };
}

/** Caches frames. A failure, such as a full disk, does not fail the loading, which only loses time. */
async function keep(file: string, frames: StoredFrames, signal: AbortSignal | undefined): Promise<void> {
  await writeFrames(file, frames, signal).catch((cause) => {
    throwIfAborted(signal);
    if (!(cause instanceof EvopatchError) || cause.code !== 'FILE_SYSTEM') throw cause;
  });
}

async function build(
  source: FaceSource,
  settings: LoadSettings,
  locator: LandmarkLocator | undefined,
  skips: Skips,
): Promise<Dataset> {
  const { points, signal } = settings;
  const findFaces: FaceFinder =
    points !== undefined
      ? byPoints(await readPoints(points, signal), source)
      : locator !== undefined
        ? byLandmarks(locator, signal)
        : wholePictures;
  const dataset = await buildDataset(source, byOwnPoints(findFaces), skips, settings);
  for (const note of source.notes ?? []) settings.onWarning?.(note);
  return dataset;
}

/** Computes the SHA-256 of everything that the frames depend on. */
async function keyOf(
  source: FaceSource,
  { points, align, signal }: LoadSettings,
  locator: LandmarkLocator | undefined,
): Promise<string> {
  return contentHash({
    format: FRAME_CACHE_FORMAT,
    points: points && (await hashFile(points, signal)), // before the long hash of the source, so that an error comes early
    source: await source.contentHash?.(signal),
    align,
    landmarks: locator?.version,
    frame: FACE_FRAME,
  });
}

/** Stores a skip without the path of the data, which may have moved when the skip is read again. */
function storeSkip({ file, error }: UnreadablePicture): StoredSkip {
  const { file: _, ...data } = error.data;
  return { file, code: error.code as StoredSkip['code'], problem: error.problem, data };
}

function restoreSkip({ file, code, problem, data }: StoredSkip, source: FaceSource): UnreadablePicture {
  return { file, error: new EvopatchError(code, problem, { ...data, file: source.pathOf(file) }) };
}
