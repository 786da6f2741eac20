import { workerData } from 'node:worker_threads';
import { type ErrorCode, type ErrorData, EvopatchError } from '../core/errors.ts';
import type { Photo } from '../images/photo.ts';
import { type FaceSearch, openSearchDetector, searchFaces } from './face-search.ts';
import type { LandmarkDetector, LocatedFace } from './landmark-detector.ts';

/** What every thread of a pool is born with. */
export interface LandmarkWorkerSetup {
  readonly search: FaceSearch;
}

export interface LandmarkTask {
  readonly photos: readonly Photo[];
}

/** The faces of every photo, or what stopped the search; an error loses its class on the way between threads. */
export type LandmarkAnswer =
  | { readonly faces: readonly (readonly LocatedFace[])[] }
  | { readonly error: { readonly code: ErrorCode; readonly problem: string; readonly data: ErrorData } };

let detector: Promise<LandmarkDetector> | undefined; // opened by the first task, so that a failure reaches whoever asked

/** Runs in a thread of the pool. */
export default async function work({ photos }: LandmarkTask): Promise<LandmarkAnswer> {
  const { search } = workerData as LandmarkWorkerSetup;
  try {
    detector ??= openSearchDetector(search);
    const faces: (readonly LocatedFace[])[] = [];
    for (const photo of photos) faces.push(await searchFaces(await detector, search, photo));
    return { faces };
  } catch (cause) {
    if (!(cause instanceof EvopatchError)) throw cause;
    const { code, problem, data } = cause;
    return { error: { code, problem, data } };
  }
}
