import type { Photo } from '../images/photo.ts';
import {
  checkFaceSearch,
  type FaceSearch,
  openSearchDetector,
  searchFaces,
} from '../landmarks/face-search.ts';
import type { LandmarkDetector, LocatedFace } from '../landmarks/landmark-detector.ts';

/** Finds faces; the networks for that are loaded when they are first needed, once a thread. */
export interface FaceFinder extends Pick<LandmarkDetector, 'locate' | 'attributesOf'> {
  /** The faces of a photo, the surest first. A picture that may be anything is not taken for a face. */
  find(photo: Photo): Promise<readonly LocatedFace[]>;
}

/**
 * @param given finds faces and landmarks instead of face-api.
 * @throws EvopatchError `INVALID_OPTION`
 */
export function faceFinder(search: FaceSearch, given?: LandmarkDetector): FaceFinder {
  checkFaceSearch(search);
  const open = async () => given ?? (await openSearchDetector(search));
  return {
    find: async (photo) => {
      const faces = await searchFaces(await open(), search, photo);
      return faces.filter(({ score }) => score > 0);
    },
    locate: async (photo) => (await open()).locate(photo),
    attributesOf: async (photo, face) => (await open()).attributesOf(photo, face),
  };
}
