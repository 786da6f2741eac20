import type { Box } from '../landmarks/landmark-detector.ts';
import type { LandmarkLocator } from '../landmarks/landmark-locator.ts';
import { type FacePoints, pointsOf } from '../landmarks/points-file.ts';
import { wholeOf } from '../landmarks/similarity.ts';
import { cropOf } from './face-crop.ts';
import { asPhoto, type FaceSource, type LabelledPicture } from './face-source.ts';

/** Where the face of a picture is. */
export interface FoundFace {
  /** The part of the picture that it fills. */
  readonly crop: Box;
  /** x0, y0, …, x67, y67 in pixels of the picture, where they are known. */
  readonly points?: ArrayLike<number>;
}

/** Finds the one face that counts in each of some pictures. */
export type FaceFinder = (pictures: readonly LabelledPicture[]) => Promise<readonly FoundFace[]>;

/** Takes every picture for one face, without landmarks. */
export const wholePictures: FaceFinder = async (pictures) =>
  pictures.map(({ picture }) => ({ crop: wholeOf(picture) }));

/**
 * Finds faces by a points file.
 *
 * @throws EvopatchError, from the finder, `INVALID_DATA` for a picture that the file does not have.
 */
export function byPoints(points: FacePoints, source: FaceSource): FaceFinder {
  return async (pictures) =>
    pictures.map(({ picture, file, row, line }) => {
      const face = pointsOf(points, { file, row }, { file: source.pathOf(file), row: line });
      return { crop: cropOf(picture, face), points: face };
    });
}

/** Takes the points that pictures bring, and finds the faces of the others. */
export function byOwnPoints(findFaces: FaceFinder): FaceFinder {
  return async (pictures) => {
    const others = pictures.filter(({ points }) => points === undefined);
    const found = (others.length > 0 ? await findFaces(others) : []).values();
    return pictures.map(({ picture, points }) =>
      points === undefined ? found.next().value! : { crop: cropOf(picture, points), points },
    );
  };
}

/** Finds faces by their looks. Of several the one with the highest score counts; without one the picture is taken whole. */
export function byLandmarks(locator: LandmarkLocator, signal: AbortSignal | undefined): FaceFinder {
  return async (pictures) => {
    const found = await locator.locate(
      pictures.map(({ picture }) => asPhoto(picture)),
      signal,
    );
    return pictures.map(({ picture }, i) => {
      const [face] = found[i];
      return face === undefined ? { crop: wholeOf(picture) } : { crop: face.box, points: face.points };
    });
  };
}
