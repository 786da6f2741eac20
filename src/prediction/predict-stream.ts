import * as z from 'zod';
import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import { parse } from '../core/parse.ts';
import { type ImageSource, openImage } from '../images/open-image.ts';
import { originalSize, type Photo } from '../images/photo.ts';
import type { LocatedFace } from '../landmarks/landmark-detector.ts';
import type { ExpressionModel, FaceOptions } from './expression-model.ts';
import { FaceFollower, type FollowedFace } from './follow-faces.ts';
import type { GuidedBackpropagation } from './guided-view.ts';
import type { Prediction } from './prediction.ts';

export interface StreamOptions extends Pick<FaceOptions, 'attributes' | 'signal'> {
  /** As of `predictFaces`. @defaultValue false */
  readonly thorough?: boolean;
  /**
   * Searches faces and landmarks in every n-th frame only; the frames between reuse them and just run the network. Gender
   * and age, if requested, are those of the last search. @defaultValue 1
   */
  readonly everyFrames?: number;
  /**
   * Number of frames over which a face's probabilities, and so its label, are averaged. (The demonstrations of Arriaga et
   * al. 2017 show the most frequent label of the last ten, over all faces together.) @defaultValue 1
   */
  readonly smoothing?: number;
  /** A second model that reads the same faces, such as one for gender beside one for expressions. */
  readonly also?: ExpressionModel;
  /** Explains the labels of the model: `guidedBackpropagation(model)`. */
  readonly guided?: GuidedBackpropagation;
}

/** Says how long the stages of a frame took, milliseconds. */
export interface FrameTimes {
  /** Getting the frame: reading and decoding, or waiting for a source. */
  readonly decode: number;
  /** Finding the faces, if they were searched, running the model on them and following them. */
  readonly faces: number;
  /** Running the second model. */
  readonly also: number;
  /** Explaining the labels. */
  readonly guided: number;
}

/** Holds the faces of one frame of a stream. */
export interface PredictedFrame {
  /** Index of the frame, from 0. */
  readonly index: number;
  readonly photo: Photo;
  /** Whether faces were searched in this frame. */
  readonly searched: boolean;
  readonly faces: FollowedFace[];
  readonly milliseconds: FrameTimes;
}

const optionsSchema = z.object({
  everyFrames: z.int().min(1).default(1),
  smoothing: z.int().min(1).default(1),
});

/**
 * Reads the faces of consecutive frames, one frame at a time, whenever the caller asks for the next. It follows faces by
 * the overlap of their boxes. Equal frames give equal predictions.
 *
 * @throws EvopatchError `INVALID_OPTION` at once; `INVALID_IMAGE`, `FILE_SYSTEM`, `ABORTED` while it runs.
 */
export function predictStream(
  model: ExpressionModel,
  photos: AsyncIterable<ImageSource> | Iterable<ImageSource>,
  options: StreamOptions = {},
): AsyncGenerator<PredictedFrame, void, undefined> {
  const { everyFrames, smoothing } = parse(optionsSchema, options, 'INVALID_OPTION');
  const isList = typeof photos === 'object' && photos !== null && !ArrayBuffer.isView(photos);
  if (!isList || !(Symbol.asyncIterator in photos || Symbol.iterator in photos)) {
    const data = {
      option: 'photos',
      given: describeValue(photos),
      hint: 'Give a list or a stream of pictures.',
    };
    throw new EvopatchError('INVALID_OPTION', 'not a list of pictures', data);
  }
  return predictEach(model, photos, { ...options, everyFrames, smoothing });
}

async function* predictEach(
  model: ExpressionModel,
  photos: AsyncIterable<ImageSource> | Iterable<ImageSource>,
  {
    everyFrames,
    smoothing,
    attributes = false,
    thorough = false,
    also,
    guided,
    signal,
  }: StreamOptions & { everyFrames: number; smoothing: number },
): AsyncGenerator<PredictedFrame, void, undefined> {
  const follower = new FaceFollower(smoothing);
  let last:
    | { readonly index: number; readonly photo: Photo; readonly faces: readonly LocatedFace[] }
    | undefined;
  let index = 0;
  let asked = performance.now();
  for await (const source of photos) {
    const { photo } = await openImage(source);
    const opened = performance.now();
    const known =
      last && index < last.index + everyFrames && sameSize(photo, last.photo) ? last.faces : undefined;
    const searched = known === undefined;
    const found = await model.predictFaces(photo, {
      located: known,
      attributes: attributes && searched,
      thorough,
      signal,
    });
    if (searched) last = { index, photo, faces: found };
    const read = performance.now();
    const further = await also?.predictFaces(photo, { located: found, signal });
    const furtherRead = performance.now();
    const faces = follower.follow(
      further?.map((face, i) => ({ ...found[i], also: predictionIn(face) })) ?? found,
      index,
    );
    const followed = performance.now();
    const explained = guided?.(photo, faces) ?? faces;
    const milliseconds = {
      decode: opened - asked,
      faces: read - opened + (followed - furtherRead),
      also: furtherRead - read,
      guided: performance.now() - followed,
    };
    yield { index, photo, searched, faces: explained, milliseconds };
    index++;
    asked = performance.now();
  }
}

function predictionIn({ label, probability, probabilities }: Prediction): Prediction {
  return { label, probability, probabilities };
}

function sameSize(a: Photo, b: Photo): boolean {
  const [one, other] = [originalSize(a), originalSize(b)];
  return one.width === other.width && one.height === other.height;
}
