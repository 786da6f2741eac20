import type { PatchQuadrilateral } from '../genome/patch-quadrilaterals.ts';
import type { FacePose } from '../landmarks/face-pose.ts';
import type { FaceGrid, FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { FaceAttributes, LocatedFace } from '../landmarks/landmark-detector.ts';
import type { Similarity } from '../landmarks/similarity.ts';

/** Holds a model's prediction for one face as plain data. */
export interface Prediction {
  /** The most probable class; the first of several equally probable ones. */
  readonly label: string;
  /** Its probability. */
  readonly probability: number;
  /** Probability of each class by name, in the model's order; they add up to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/** Shows which pixels of a face speak for its label. */
export interface GuidedView {
  /** Guided gradients of the label's logit, in the face frame. */
  readonly grid: FaceGrid;
  /** Which pixels the network reads, 1 or 0, [size][size]. */
  readonly read: Uint8Array;
  readonly frame: FrameGeometry;
}

/** Describes a face of a photo: its position, its pose and the model's prediction. Lengths are pixels of the photo. */
export interface PredictedFace extends LocatedFace, Prediction {
  readonly pose: FacePose;
  /** False if the landmarks were unreliable and the model read the box without alignment. */
  readonly aligned: boolean;
  /** Maps pixels of the photo to the face frame. */
  readonly similarity: Similarity;
  /** The patches of the model's genome on the photo; empty for a model without a genome. */
  readonly patches: readonly PatchQuadrilateral[];
  /** Prediction of a second model, if one was given: the gender, for instance. */
  readonly also?: Prediction;
  /** Gender and age, if requested. */
  readonly attributes?: FaceAttributes;
  /** The pixels that speak for the label, if `guidedBackpropagation` was used. */
  readonly guided?: GuidedView;
}

/** Makes a prediction of the probabilities of one face, [class]. */
export function predictionOf(probabilities: ArrayLike<number>, classes: readonly string[]): Prediction {
  let best = 0;
  for (let k = 1; k < classes.length; k++) if (probabilities[k] > probabilities[best]) best = k;
  return {
    label: classes[best],
    probability: probabilities[best],
    probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]])),
  };
}
