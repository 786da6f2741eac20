import type { Photo } from '../images/photo.ts';
import { openLandmarkDetector } from '../landmarks/face-api-detector.ts';
import type { LandmarkDetector, LocatedFace } from '../landmarks/landmark-detector.ts';

/**
 * How the faces of a picture are found. `crop`: it is one face. `tiny`, `ssd`: by that detector. `auto`: a picture of
 * at most 128 pixels a side is one face, another is searched by the tiny detector.
 */
export type FaceSearch = 'auto' | 'crop' | 'tiny' | 'ssd';

/** The longer side up to which `auto` takes a picture for one face, pixels. */
const LARGEST_CROP = 128;

/** Finds faces; what it needs for that is opened when it is first needed, and shared by a thread. */
export interface FaceFinder extends Pick<LandmarkDetector, 'locate' | 'attributesOf'> {
  find(photo: Photo): Promise<readonly LocatedFace[]>;
}

/** @param detector what finds faces instead of face-api. */
export function faceFinder(search: FaceSearch, detector?: LandmarkDetector): FaceFinder {
  const open = async () =>
    detector ?? (await openLandmarkDetector({ detector: search === 'ssd' ? 'ssd' : 'tiny' }));
  const isCrop = ({ width, height }: Photo) =>
    search === 'crop' || (search === 'auto' && Math.max(width, height) <= LARGEST_CROP);
  return {
    find: async (photo) => {
      const opened = await open();
      return isCrop(photo) ? [await opened.locate(photo)] : opened.detect(photo);
    },
    locate: async (photo) => (await open()).locate(photo),
    attributesOf: async (photo, face) => (await open()).attributesOf(photo, face),
  };
}
