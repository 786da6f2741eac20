import type { Photo } from '../images/photo.ts';
import {
  checkFaceSearch,
  type FaceSearch,
  isCrop,
  openSearchDetector,
  searchFaces,
} from '../landmarks/face-search.ts';
import type { LandmarkDetector, LocatedFace } from '../landmarks/landmark-detector.ts';

/** Finds faces, in pixels of the originals of photos; the networks for that are loaded when they are first needed, once a thread. */
export interface FaceFinder extends Pick<Required<LandmarkDetector>, 'locate' | 'attributesOf'> {
  /**
   * The faces of a photo, the surest first. A picture that may be anything is not taken for a face.
   *
   * @param thorough whether the search `auto` goes beyond the tiny detector, as `all` does, and whether faces that a
   * detector found are looked at for how they are turned.
   */
  find(photo: Photo, thorough: boolean): Promise<readonly LocatedFace[]>;
}

/**
 * @param own the detector to use instead of face-api's.
 * @throws EvopatchError `INVALID_OPTION`
 */
export function faceFinder(search: FaceSearch, own?: LandmarkDetector): FaceFinder {
  checkFaceSearch(search);
  const open = (searched = search) => openSearchDetector(searched, own);
  return {
    find: async (photo, thorough) => {
      const searched = search === 'auto' && thorough && !isCrop(photo) ? 'all' : search;
      const detector = await open(searched);
      const found = (await searchFaces(detector, searched, photo)).filter(({ score }) => score > 0);
      if (!thorough || search === 'crop' || isCrop(photo)) return found;
      const faces: LocatedFace[] = [];
      for (const face of found) {
        const turned = await detector.turnOf?.(photo, face);
        faces.push(turned === undefined ? face : { ...face, turned });
      }
      return faces;
    },
    locate: async (photo) => (await open()).locate(photo),
    attributesOf: async (photo, face) => (await open()).attributesOf(photo, face),
  };
}
