import { workerData } from 'node:worker_threads';
import { type ErrorCode, type ErrorData, EvopatchError } from '../core/errors.ts';
import type { Photo } from '../images/photo.ts';
import { type FaceSearch, openSearchDetector, searchFaces } from './face-search.ts';
import type { LandmarkDetector, LocatedFace } from './landmark-detector.ts';

/** Settings of every thread of a pool. */
export interface LandmarkWorkerSetup {
  readonly search: FaceSearch;
}

export interface LandmarkTask {
  readonly photos: readonly Photo[];
}

/** The faces of each photo, or the error as plain data, because errors lose their class between threads. */
export type LandmarkAnswer =
  | { readonly faces: readonly (readonly LocatedFace[])[] }
  | { readonly error: { readonly code: ErrorCode; readonly problem: string; readonly data: ErrorData } };

let detector: Promise<LandmarkDetector> | undefined; // opened by the first task, so that the caller gets a failure

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
