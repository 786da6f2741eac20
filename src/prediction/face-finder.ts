import {
  checkFaceSearch,
  type FaceSearch,
  isCrop,
  openSearchDetector,
  searchFaces,
} from '../landmarks/face-search.ts';
import type { LandmarkDetector, LocatedFace } from '../landmarks/landmark-detector.ts';
import type { FaceFinder } from './expression-model.ts';

/**
 * Makes a face finder; the detector `own` replaces face-api's.
 *
 * @throws EvopatchError `INVALID_OPTION` if there is no such search.
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
