import type { Box, FaceAttributes } from '../landmarks/landmark-detector.ts';
import { type PredictedFace, type Prediction, predictionOf } from './prediction.ts';

/** A face that is followed from frame to frame. */
export interface FollowedFace extends PredictedFace {
  /** The same number for the same face, from 1 in order of appearance. */
  readonly id: number;
}

type Probabilities = Prediction['probabilities'];

interface Track {
  readonly id: number;
  box: Box;
  attributes?: FaceAttributes;
  /** Predictions in the latest frames. */
  recent: {
    readonly frame: number;
    readonly probabilities: Probabilities;
    readonly also?: Probabilities;
  }[];
}

/** Two boxes belong to one face from this intersection over union. */
const MIN_OVERLAP = 0.3;

/** Follows the faces of a stream by their positions, and averages the predictions of each over the latest frames. */
export class FaceFollower {
  readonly #smoothing: number;
  #tracks: Track[] = [];
  #seen = 0;

  /** @param smoothing number of frames to average; a face that is missing for as long gets a new number */
  constructor(smoothing: number) {
    this.#smoothing = smoothing;
  }

  /** Numbers and smooths the faces of the next frame, in the given order. */
  follow(faces: readonly PredictedFace[], frame: number): FollowedFace[] {
    this.#tracks = this.#tracks.filter(
      ({ recent }) => recent[recent.length - 1].frame >= frame - this.#smoothing,
    );
    const known = this.#match(faces);
    return faces.map((face, index) => {
      let track = known.get(index);
      if (track === undefined) {
        track = { id: ++this.#seen, box: face.box, recent: [] };
        this.#tracks.push(track);
      }
      track.box = face.box;
      track.attributes = face.attributes ?? track.attributes;
      track.recent.push({ frame, probabilities: face.probabilities, also: face.also?.probabilities });
      track.recent = track.recent.filter((one) => one.frame > frame - this.#smoothing);
      const { id, attributes } = track;
      const followed = { id, ...face, ...smooth(track) };
      return attributes === undefined ? followed : { ...followed, attributes };
    });
  }

  /** Assigns tracks to indices of faces: pairs with the largest overlap first, each track and face once. */
  #match(faces: readonly PredictedFace[]): Map<number, Track> {
    const pairs = this.#tracks.flatMap((track) =>
      faces.map(({ box }, index) => ({ track, index, overlap: overlapOf(track.box, box) })),
    );
    const matched = new Map<number, Track>();
    const taken = new Set<Track>();
    for (const { track, index, overlap } of pairs.toSorted((a, b) => b.overlap - a.overlap)) {
      if (overlap < MIN_OVERLAP || taken.has(track) || matched.has(index)) continue;
      matched.set(index, track);
      taken.add(track);
    }
    return matched;
  }
}

function smooth({ recent }: Track): Prediction & { readonly also?: Prediction } {
  const also = recent.flatMap((one) => (one.also === undefined ? [] : [one.also]));
  const mean = meanOf(recent.map(({ probabilities }) => probabilities));
  return also.length === 0 ? mean : { ...mean, also: meanOf(also) };
}

/** Averages one or more predictions of the same classes. */
function meanOf(predictions: readonly Probabilities[]): Prediction {
  const classes = Object.keys(predictions[0]);
  const means = classes.map(
    (name) => predictions.reduce((sum, probabilities) => sum + probabilities[name], 0) / predictions.length,
  );
  return predictionOf(means, classes);
}

/** Computes the intersection over union (Jaccard index) of two boxes. */
export function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}
