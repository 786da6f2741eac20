import type { Photo } from '../images/photo.ts';

/** An upright rectangle of a photo, pixels; it may lie partly outside. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Clockwise rotation of a face in its photo, degrees, unless it is upright or leans only a little. */
export type FaceTurn = 90 | 180 | 270;

/** A face and its landmarks. */
export interface LocatedFace {
  /** The detector's box of the face; the whole picture without a detector. */
  readonly box: Box;
  /** The detector's confidence, 0–1; 1 without a detector. */
  readonly score: number;
  /** x0, y0, …, x67, y67 of the 68-point scheme in pixels of the photo. */
  readonly points: Float32Array;
  /** The rotation of the face, if detected: its points cannot be trusted. */
  readonly turned?: FaceTurn;
}

/** Attributes of a face besides its expression. */
export interface FaceAttributes {
  readonly gender: 'female' | 'male';
  /** Probability of that gender, 0.5–1. */
  readonly genderProbability: number;
  /** Age in years. */
  readonly age: number;
}

/**
 * Finds faces and their landmarks. The same photo always gives the same numbers. `loadModel`, `loadDataset`, `createDataset` and
 * `searchLandmarks` accept a detector of your own; `checkLandmarkDetector` of `evopatch/testing` tests it.
 */
export interface LandmarkDetector {
  /** Names the networks and their weights; caches keep the results of different versions apart. */
  readonly version: string;
  /** Finds all faces of a photo, the highest score first; may be empty. */
  detect(photo: Photo): Promise<LocatedFace[]>;
  /** Locates the landmarks of a picture that one face fills. */
  locate(crop: Photo): Promise<LocatedFace>;
  /** Estimates gender and age of a face, for `predictFaces` with `attributes`. */
  attributesOf?(photo: Photo, face: LocatedFace): Promise<FaceAttributes>;
  /** Detects how far a face is rotated; `undefined` if it is upright or the detector cannot decide. */
  turnOf?(photo: Photo, face: LocatedFace): Promise<FaceTurn | undefined>;
}
