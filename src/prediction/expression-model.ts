import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import type { Predictor } from '../ensemble/ensemble.ts';
import type { Genome } from '../genome/genome.ts';
import { patchQuadrilaterals } from '../genome/patch-quadrilaterals.ts';
import type { ImageSource } from '../images/open-image.ts';
import type { OpenImage } from '../images/open-pixels.ts';
import type { Photo } from '../images/photo.ts';
import { type AlignmentMethod, alignFace } from '../landmarks/alignment.ts';
import { poseOf } from '../landmarks/face-pose.ts';
import { renderFrame } from '../landmarks/frame.ts';
import type { LandmarkDetector, LocatedFace } from '../landmarks/landmark-detector.ts';
import { POINT_COUNT } from '../landmarks/mean-shape.ts';
import { wholeOf } from '../landmarks/similarity.ts';
import type { Model } from '../nn/model.ts';
import { type PredictedFace, type Prediction, predictionOf } from './prediction.ts';

export interface FaceOptions {
  /** Whether to estimate gender and age too. @defaultValue false */
  readonly attributes?: boolean;
  /**
   * Whether to search thoroughly: the search 'auto' then finds small faces too, as 'all' does, which takes some seconds
   * per photo; and the detector recognises faces on their side or upside down, whose landmarks are unreliable, which takes
   * 0.2 s per doubtful face. @defaultValue true
   */
  readonly thorough?: boolean;
  /** Known faces with their landmarks; they replace the search. */
  readonly located?: readonly LocatedFace[];
  /** Stops between two steps with an `ABORTED` error. */
  readonly signal?: AbortSignal;
}

/**
 * Reads expressions from faces. It holds no threads or files and needs no closing. The networks that find faces are
 * loaded when first needed, once for all models of a thread, and take about 100 MB.
 */
export interface ExpressionModel<Answering extends Predictor = Predictor, Source = ImageSource>
  extends Model<Answering> {
  /** How faces are aligned in the frame; the same as in training. */
  readonly align: AlignmentMethod;
  /**
   * Predicts the expression in a picture that one face fills; for photos with faces in them, use `predictFaces`.
   *
   * @throws EvopatchError `INVALID_IMAGE`, `FILE_SYSTEM`.
   */
  predict(image: Source): Promise<Prediction>;
  /**
   * Predicts the expression of every face of a photo, the one with the highest detection score first.
   *
   * @throws EvopatchError `INVALID_IMAGE`, `FILE_SYSTEM`, `INVALID_OPTION`, `ABORTED`.
   */
  predictFaces(photo: Source, options?: FaceOptions): Promise<PredictedFace[]>;
  /**
   * Predicts class probabilities of aligned frames, [count][class].
   *
   * @param frames grey levels, [count][size][size]
   * @throws EvopatchError `INVALID_DATA` if they are not whole frames.
   */
  predictFrames(frames: Uint8Array): Float32Array;
}

/** Finds faces, in pixels of the original photos. Its networks are loaded when first needed, once per thread. */
export interface FaceFinder extends Pick<Required<LandmarkDetector>, 'locate' | 'attributesOf'> {
  /**
   * Finds the faces of a photo, the one with the highest score first. It drops guesses, which have a score of 0.
   *
   * @param thorough whether the search `auto` goes beyond the tiny detector, as `all` does, and whether the detector
   * checks how far each face is turned
   */
  find(photo: Photo, thorough: boolean): Promise<readonly LocatedFace[]>;
}

/** Holds what a model needs in order to read faces. */
export interface Reading<Source = ImageSource> {
  readonly align: AlignmentMethod;
  /** In canonical form. */
  readonly genome: Genome | undefined;
  readonly finder: FaceFinder;
  readonly openImage: (source: Source) => Promise<OpenImage>;
}

/** Makes a model in memory read faces. */
export function expressionModel<Answering extends Predictor, Source>(
  model: Model<Answering>,
  { align, genome, finder, openImage }: Reading<Source>,
): ExpressionModel<Answering, Source> {
  const { network, classes, frame } = model;
  const pixels = frame.size * frame.size;

  const predictFrames = (frames: Uint8Array): Float32Array => {
    const hint = `Give a Uint8Array of a multiple of ${pixels} grey levels.`;
    if (!(frames instanceof Uint8Array)) {
      throw new EvopatchError('INVALID_DATA', 'these are no frames', { given: describeValue(frames), hint });
    }
    const count = frames.length / pixels;
    if (!Number.isInteger(count)) {
      throw new EvopatchError('INVALID_DATA', 'these are not whole frames', { given: frames.length, hint });
    }
    // A new view, because statistics are cached by array and a caller may fill the same array again.
    const view = new Uint8Array(frames.buffer, frames.byteOffset, frames.length);
    const samples = {
      frames: view,
      labels: new Uint8Array(count),
      frameSize: frame.size,
      classes: classes.length,
    };
    return network.predict(
      samples,
      Uint32Array.from({ length: count }, (_, i) => i),
    );
  };

  const predict = async (source: Source): Promise<Prediction> => {
    const { photo, grey } = await openImage(source);
    const points = align === 'none' ? undefined : (await finder.locate(photo)).points;
    const { similarity } = alignFace(align, wholeOf(photo), points, frame);
    return predictionOf(predictFrames(renderFrame(grey, similarity, frame)), classes);
  };

  const predictFaces = async (source: Source, options: FaceOptions = {}): Promise<PredictedFace[]> => {
    const { attributes = false, thorough = true, signal } = options;
    stopOn(signal);
    checkLocated(options.located);
    const { photo, grey } = await openImage(source);
    stopOn(signal);
    const located = options.located ?? (await finder.find(photo, thorough));
    const frames = new Uint8Array(located.length * pixels);
    const alignments = located.map(({ box, points, turned }, i) => {
      const alignment = alignFace(align, box, turned === undefined ? points : undefined, frame);
      renderFrame(grey, alignment.similarity, frame, frames.subarray(i * pixels, (i + 1) * pixels));
      return alignment;
    });
    const probabilities = predictFrames(frames);
    const predicted: PredictedFace[] = [];
    for (const [i, { box, score, points, turned }] of located.entries()) {
      stopOn(signal);
      const { similarity, fallback } = alignments[i];
      predicted.push({
        box,
        score,
        points,
        pose: poseOf(points),
        aligned: !fallback,
        ...(turned === undefined ? {} : { turned }),
        similarity,
        ...predictionOf(probabilities.subarray(i * classes.length, (i + 1) * classes.length), classes),
        patches: genome === undefined ? [] : patchQuadrilaterals(genome, frame, similarity),
        ...(attributes ? { attributes: await finder.attributesOf(photo, located[i]) } : {}),
      });
    }
    return predicted;
  };

  return { ...model, align, predict, predictFaces, predictFrames };
}

function checkLocated(located: FaceOptions['located']): void {
  if (located === undefined) return;
  const hint = 'Give the faces of a detector: a list of { box, score, points } with 68 points, x and y.';
  const refuse = (given: unknown) => {
    const data = { option: 'located', given: describeValue(given), hint };
    throw new EvopatchError('INVALID_OPTION', 'not located faces', data);
  };
  if (!Array.isArray(located)) refuse(located);
  const wrong = located.findIndex(
    (face) => face?.box === undefined || face.points?.length !== 2 * POINT_COUNT,
  );
  if (wrong >= 0) refuse(located[wrong]);
}

function stopOn(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new EvopatchError('ABORTED', 'the prediction was stopped', {}, signal.reason);
}
