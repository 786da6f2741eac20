import type { Box } from '../landmarks/landmark-detector.ts';
import type { LandmarkLocator } from '../landmarks/landmark-locator.ts';
import { type FacePoints, pointsOf } from '../landmarks/points-file.ts';
import { wholeOf } from '../landmarks/similarity.ts';
import { cropOf } from './face-crop.ts';
import { asPhoto, type FaceSource, type LabelledPicture } from './face-source.ts';

/** The position of the face in a picture. */
export interface FoundFace {
  /** The part of the picture that the face fills. */
  readonly crop: Box;
  /** x0, y0, …, x67, y67 in pixels of the picture, if known. */
  readonly points?: ArrayLike<number>;
}

/** Finds the main face of each picture. */
export type FaceFinder = (pictures: readonly LabelledPicture[]) => Promise<readonly FoundFace[]>;

/** Takes each whole picture as one face, without landmarks. */
export const wholePictures: FaceFinder = async (pictures) =>
  pictures.map(({ picture }) => ({ crop: wholeOf(picture) }));

/** Finds faces by a points file. @throws EvopatchError, from the finder, `INVALID_DATA` for a picture that is not in the file. */
export function byPoints(points: FacePoints, source: FaceSource): FaceFinder {
  return async (pictures) =>
    pictures.map(({ picture, file, row, line }) => {
      const face = pointsOf(points, { file, row }, { file: source.pathOf(file), row: line });
      return { crop: cropOf(picture, face), points: face };
    });
}

/** Uses the points that pictures bring, and finds the faces of the others. */
export function byOwnPoints(findFaces: FaceFinder): FaceFinder {
  return async (pictures) => {
    const others = pictures.filter(({ points }) => points === undefined);
    const found = (others.length > 0 ? await findFaces(others) : []).values();
    return pictures.map(({ picture, points }) =>
      points === undefined ? found.next().value! : { crop: cropOf(picture, points), points },
    );
  };
}

/** Detects faces. Picks the face with the highest score; without a face, takes the whole picture. */
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
