import type { PatchQuadrilateral } from '../genome/patch-quadrilaterals.ts';
import type { FaceGrid } from '../landmarks/face-grid.ts';
import type { FacePose } from '../landmarks/face-pose.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { FaceAttributes, LocatedFace } from '../landmarks/landmark-detector.ts';
import type { Similarity } from '../landmarks/similarity.ts';

/** What a model makes of one face. Plain data. */
export interface Prediction {
  /** The likeliest class; of several equally likely ones the first. */
  readonly label: string;
  /** Its probability. */
  readonly probability: number;
  /** Probability of every class by its name, in the model's order; they add up to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/** Which pixels of a face speak for its label. */
export interface GuidedView {
  /** Guided gradients of the label's logit, in the face frame. */
  readonly grid: FaceGrid;
  /** Which pixels the network reads, 1 or 0, [size][size]. */
  readonly read: Uint8Array;
  readonly frame: FrameGeometry;
}

/** A face of a photo: where it is, how it lies, and what the model makes of it. Lengths are pixels of the photo. */
export interface PredictedFace extends LocatedFace, Prediction {
  readonly pose: FacePose;
  /** False where the landmarks were not trusted and the box was taken as it is. */
  readonly aligned: boolean;
  /** From the photo to the face frame. */
  readonly similarity: Similarity;
  /** Where the patches of the model's genome lie on the photo; none for a model without a genome. */
  readonly patches: readonly PatchQuadrilateral[];
  /** What a further model makes of the face, where one was given: its gender, say. */
  readonly also?: Prediction;
  /** Gender and age, where they were asked for. */
  readonly attributes?: FaceAttributes;
  /** What speaks for its label, where `guidedBackpropagation` was asked. */
  readonly guided?: GuidedView;
}

/** Names the probabilities of one face, [class]. */
export function predictionOf(probabilities: ArrayLike<number>, classes: readonly string[]): Prediction {
  let best = 0;
  for (let k = 1; k < classes.length; k++) if (probabilities[k] > probabilities[best]) best = k;
  return {
    label: classes[best],
    probability: probabilities[best],
    probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]])),
  };
}
