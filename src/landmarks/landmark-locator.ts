import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { EvopatchError } from '../core/errors.ts';
import { sweepInside } from '../core/temporary-file.ts';
import type { Photo } from '../images/photo.ts';
import {
  checkFaceSearch,
  type FaceSearch,
  openSearchDetector,
  searchFaces,
  searchVersion,
} from './face-search.ts';
import { landmarkFile, readLandmarks, writeLandmarks } from './landmark-cache.ts';
import type { LandmarkDetector, LocatedFace } from './landmark-detector.ts';
import { LandmarkPool, locatingAborted } from './landmark-pool.ts';
import { checkPhoto } from './picture.ts';

export type { FaceSearch } from './face-search.ts';

/** Finds the faces of many photos. */
export interface LandmarkLocator {
  /** Names the networks and the search; results of different versions are never mixed. */
  readonly version: string;
  /**
   * Finds the faces of each photo, in the order of the photos; those of a photo by descending score. Pass photos in batches of up
   * to 256 crops or a few photos: the cache stores whole batches, and a batch stays in memory.
   *
   * @throws EvopatchError `INVALID_IMAGE` for pixels that do not fill their photo; `ABORTED`; `ENGINE_UNAVAILABLE`.
   */
  locate(photos: readonly Photo[], signal?: AbortSignal): Promise<readonly (readonly LocatedFace[])[]>;
  /** Ends the threads; pending calls fail with `ABORTED`. */
  close(): Promise<void>;
}

export interface LandmarkLocatorOptions {
  /** @defaultValue 'auto' */
  readonly faces?: FaceSearch;
  /** The detector to use instead of face-api's; it always runs in the calling thread. */
  readonly detector?: LandmarkDetector;
  /** Threads, about 100 MB each; 0 uses the calling thread. @defaultValue the number of cores, at most 4 */
  readonly workers?: number;
  /** The folder that caches landmarks; without it, or if it cannot be written, nothing is cached. */
  readonly cacheFolder?: string;
}

type Locate = LandmarkLocator['locate'];

const MAX_DEFAULT_WORKERS = 4;
const MAX_WORKERS = 256;

/**
 * Opens the search for faces. Threads start, and networks are read, with the first photos that are not in the cache. The numbers
 * are the same from the cache, the calling thread and any number of threads.
 *
 * @throws EvopatchError `INVALID_OPTION`; `ENGINE_UNAVAILABLE` if face-api is not installed.
 */
export function openLandmarkLocator(options: LandmarkLocatorOptions = {}): LandmarkLocator {
  const { faces = 'auto', detector, cacheFolder } = options;
  const workers = options.workers ?? Math.min(availableParallelism(), MAX_DEFAULT_WORKERS);
  checkFaceSearch(faces);
  checkWorkers(workers);
  const version = searchVersion(faces, detector);
  const end = new AbortController();
  let pool: LandmarkPool | undefined;
  let swept: Promise<void> | undefined;
  const search: Locate = (photos, signal) => {
    if (detector !== undefined || workers === 0) {
      return locateHere(openSearchDetector(faces, detector), faces, photos, signal, end.signal);
    }
    pool ??= new LandmarkPool({ search: faces, workers });
    return pool.locate(photos, signal);
  };
  return {
    version,

    async locate(photos, signal) {
      throwIfStopped(signal, end.signal);
      for (const photo of photos) checkPhoto(photo);
      if (photos.length === 0) return [];
      if (cacheFolder === undefined) return search(photos, signal);
      const file = landmarkFile(cacheFolder, version, photos);
      const known = await readLandmarks(file, photos.length);
      throwIfStopped(signal, end.signal);
      if (known) return known;
      swept ??= sweepInside(join(cacheFolder, 'landmarks'), { recursive: true });
      await swept;
      const found = await search(photos, signal);
      await writeLandmarks(file, found).catch(() => undefined); // the cache only saves time
      return found;
    },

    async close() {
      end.abort();
      await pool?.close();
    },
  };
}

async function locateHere(
  opening: Promise<LandmarkDetector>,
  search: FaceSearch,
  photos: readonly Photo[],
  signal: AbortSignal | undefined,
  end: AbortSignal,
): Promise<readonly (readonly LocatedFace[])[]> {
  const detector = await opening;
  const found: (readonly LocatedFace[])[] = [];
  for (const photo of photos) {
    await setImmediate(); // lets an abort through
    throwIfStopped(signal, end);
    found.push(await searchFaces(detector, search, photo));
  }
  return found;
}

function throwIfStopped(signal: AbortSignal | undefined, end: AbortSignal): void {
  if (signal?.aborted) throw locatingAborted(signal);
  if (end.aborted) throw new EvopatchError('ABORTED', 'the search for faces is closed');
}

function checkWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 0 && workers <= MAX_WORKERS) return;
  const hint = `It is a whole number from 0 to ${MAX_WORKERS}.`;
  throw new EvopatchError('INVALID_OPTION', 'not a number of threads', {
    option: 'workers',
    given: workers,
    hint,
  });
}
