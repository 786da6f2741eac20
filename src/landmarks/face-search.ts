import { EvopatchError } from '../core/errors.ts';
import type { Photo } from '../images/photo.ts';
import { detectorVersion, openLandmarkDetector } from './face-api-detector.ts';
import type { FaceDetectorName } from './face-boxes.ts';
import type { LandmarkDetector, LocatedFace } from './landmark-detector.ts';
import { onOriginals } from './on-originals.ts';

/**
 * How faces are found: `crop` treats every picture as one face and runs no detector; `tiny` and `ssd` are detectors for photos;
 * `all` uses both and, if no face fills the photo, also looks for small ones in pieces of it; `auto` treats pictures of at most
 * 128 pixels as crops and others as photos (tiny), and if that detector finds nothing, it treats the picture as a face with the
 * score 0.
 */
export const FACE_SEARCHES = ['auto', 'crop', 'tiny', 'ssd', 'all'] as const;
export type FaceSearch = (typeof FACE_SEARCHES)[number];

/** Maximum longer side of a picture that always counts as a crop of one face, pixels. */
export const MAX_CROP = 128;

/** Names what a search computes, without opening its networks. */
export function searchVersion(search: FaceSearch, own?: LandmarkDetector): string {
  const version = own?.version ?? detectorVersion({ detector: detectorOf(search) });
  return `${version}, search ${search}`;
}

/**
 * Opens the detector of a search. Its faces are in pixels of the originals of photos.
 *
 * @param own the detector to use instead of face-api's
 */
export async function openSearchDetector(
  search: FaceSearch,
  own?: LandmarkDetector,
): Promise<Required<LandmarkDetector>> {
  return onOriginals(own ?? (await openLandmarkDetector({ detector: detectorOf(search) })));
}

/** Finds the faces of a photo, the highest score first. */
export async function searchFaces(
  detector: LandmarkDetector,
  search: FaceSearch,
  photo: Photo,
): Promise<readonly LocatedFace[]> {
  if (search === 'crop' || (search === 'auto' && isCrop(photo))) return [await detector.locate(photo)];
  const faces = await detector.detect(photo);
  if (search !== 'auto' || faces.length > 0) return faces;
  return [{ ...(await detector.locate(photo)), score: 0 }];
}

/** Tests whether `auto` treats a picture as a crop of one face. */
export function isCrop({ width, height }: Photo): boolean {
  return Math.max(width, height) <= MAX_CROP;
}

/** @throws EvopatchError `INVALID_OPTION` */
export function checkFaceSearch(search: FaceSearch): void {
  if (FACE_SEARCHES.includes(search)) return;
  const hint = `It is one of ${FACE_SEARCHES.join(', ')}.`;
  throw new EvopatchError('INVALID_OPTION', 'no such way to look for faces', {
    option: 'faces',
    given: search,
    hint,
  });
}

function detectorOf(search: FaceSearch): FaceDetectorName {
  return search === 'ssd' || search === 'all' ? search : 'tiny';
}
