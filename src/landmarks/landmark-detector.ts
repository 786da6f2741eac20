import type { Photo } from '../images/photo.ts';

/** An upright rectangle of a photo, pixels; it may lie partly outside. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How far a face is turned clockwise in its photo, degrees, where it neither stands upright nor leans a little. */
export type FaceTurn = 90 | 180 | 270;

/** A face and where its landmarks are. */
export interface LocatedFace {
  /** What the detector drew around the face; the whole picture where no detector was asked. */
  readonly box: Box;
  /** Confidence of the detector, 0–1; 1 where no detector was asked. */
  readonly score: number;
  /** x0, y0, …, x67, y67 of the 68-point scheme in pixels of the photo. */
  readonly points: Float32Array;
  /** How far it is turned, where that is known: its points are not to be trusted. */
  readonly turned?: FaceTurn;
}

/** What a face looks like beside its expression. */
export interface FaceAttributes {
  readonly gender: 'female' | 'male';
  /** Probability of that gender, 0.5–1. */
  readonly genderProbability: number;
  /** Years. */
  readonly age: number;
}

/**
 * Finds faces and their landmarks. The same photo gives the same numbers, whatever was asked before. One of your own goes into
 * `loadModel`, `loadDataset`, `createDataset` and `searchLandmarks`; `checkLandmarkDetector` of `evopatch/testing` tests it.
 */
export interface LandmarkDetector {
  /** Names the networks and their weights; caches keep the results of different versions apart. */
  readonly version: string;
  /** All faces of a photo, the highest score first; none is an empty list. */
  detect(photo: Photo): Promise<LocatedFace[]>;
  /** The landmarks of a picture that one face fills. */
  locate(crop: Photo): Promise<LocatedFace>;
  /** Gender and age of a face, for `predictFaces` with `attributes`. */
  attributesOf?(photo: Photo, face: LocatedFace): Promise<FaceAttributes>;
  /** How far a face is turned; undefined where it stands upright, and where the detector cannot tell. */
  turnOf?(photo: Photo, face: LocatedFace): Promise<FaceTurn | undefined>;
}
