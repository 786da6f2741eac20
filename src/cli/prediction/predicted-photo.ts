import type { EvopatchError } from '../../core/errors.ts';
import type { FollowedFace } from '../../prediction/follow-faces.ts';
import { type Prediction, predictionOf } from '../../prediction/prediction.ts';
import { formatCount } from '../../summary/format.ts';

/** The faces found on a photo, or in a row of a csv. */
export interface PredictedPhoto {
  /** For a row, FILE:ROW with its line in the csv. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly FollowedFace[];
  /** The drawing of it. */
  readonly drawing?: string;
}

/** The faces found in an animation. */
export interface PredictedAnimation extends Omit<PredictedPhoto, 'faces'> {
  readonly frames: readonly { readonly milliseconds: number; readonly faces: readonly FollowedFace[] }[];
}

/** A picture that could not be read. */
export interface FailedPicture {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

/** The result of one picture; `followed` where faces have the same number in all photos of a folder. */
export type PictureResult =
  | { readonly photo: PredictedPhoto; readonly followed: boolean }
  | { readonly animation: PredictedAnimation }
  | { readonly error: FailedPicture; readonly cause: EvopatchError };

/** The counts of a prediction. */
export interface PredictionCounts {
  /** Photos and animations that were read. */
  readonly pictures: number;
  /** An animation counts the faces of the frame with the most. */
  readonly faces: number;
  readonly withoutFace: number;
  /** Pictures that could not be read. */
  readonly failed: number;
}

const BAR = 12;

/** A face without its landmarks and maps; it has a number where faces are followed. */
export interface PredictedFaceJson extends Omit<FollowedFace, 'id' | 'points' | 'guided'> {
  readonly id?: number;
}

export interface PredictedPhotoJson extends Omit<PredictedPhoto, 'faces'> {
  readonly faces: readonly PredictedFaceJson[];
}

/** An animation, each frame with the time that it is shown. */
export interface PredictedAnimationJson extends Omit<PredictedAnimation, 'frames'> {
  readonly frames: readonly { readonly milliseconds: number; readonly faces: readonly PredictedFaceJson[] }[];
}

/** Converts to plain data; faces have a number only where they are followed. */
export function photoToJson({ faces, ...photo }: PredictedPhoto, followed: boolean): PredictedPhotoJson {
  return { ...photo, faces: facesToJson(faces, followed) };
}

/** Converts to plain data. */
export function animationToJson({ frames, ...animation }: PredictedAnimation): PredictedAnimationJson {
  return {
    ...animation,
    frames: frames.map(({ faces, ...frame }) => ({ ...frame, faces: facesToJson(faces, true) })),
  };
}

function facesToJson(faces: readonly FollowedFace[], followed: boolean): PredictedFaceJson[] {
  return faces.map(({ points: _, guided: _guided, id, ...face }) => (followed ? { id, ...face } : face));
}

/** Suggests an option for a photo without a face. */
export function facelessHint(search = 'auto'): string {
  const crop = "'--faces crop' treats the picture as one face";
  return search === 'tiny' || search === 'ssd' ? `'--faces all' finds more faces; ${crop}` : crop;
}

/**
 * Describes a photo in a line, and each face in another.
 *
 * @param hint shown where there is no face
 */
export function describePhoto(
  { file, faces, drawing }: PredictedPhoto,
  followed: boolean,
  hint: string,
): string {
  const count = faces.length === 1 ? '1 face' : `${formatCount(faces.length)} faces`;
  const found = `${file}: ${faces.length === 0 ? `no face found (${hint})` : count}`;
  const lines = faces.map((face, index) => describeFace(face, followed ? `#${face.id}` : `${index + 1}`));
  return [drawing === undefined ? found : `${found}, drawn in ${drawing}`, ...lines].join('\n');
}

/** Describes an animation in a line, and each followed face in another: its mean prediction and the frames of each label. */
export function describeAnimation({ file, frames, drawing }: PredictedAnimation): string {
  const seen = new Map<number, FollowedFace[]>();
  for (const face of frames.flatMap(({ faces }) => faces)) {
    seen.set(face.id, [...(seen.get(face.id) ?? []), face]);
  }
  const count = seen.size === 1 ? '1 face' : `${formatCount(seen.size)} faces`;
  const pictures = frames.length === 1 ? '1 frame' : `${formatCount(frames.length)} frames`;
  const found = `${file}: ${pictures}, ${seen.size === 0 ? 'no face found' : count}`;
  const lines = [...seen].map(([id, faces]) => {
    const classes = Object.keys(faces[0].probabilities);
    const { label, probability } = meanPrediction(faces);
    const further = faces.flatMap(({ also }) => (also === undefined ? [] : [also]));
    const also = further.length === 0 ? undefined : meanPrediction(further);
    const shown = classes
      .map((name) => [name, faces.filter((face) => face.label === name).length] as const)
      .filter(([, times]) => times > 0)
      .sort(([, a], [, b]) => b - a);
    return [
      describeLabel(`#${id}`, label, probability, classes),
      `  in ${formatCount(faces.length)}: ${shown.map(([name, times]) => `${name} ${times}`).join(', ')}`,
      also === undefined ? '' : `; ${also.label} ${Math.round(100 * also.probability)} %`,
    ].join('');
  });
  return [drawing === undefined ? found : `${found}, drawn in ${drawing}`, ...lines].join('\n');
}

/** Averages predictions of the same classes. @param predictions at least one */
function meanPrediction(predictions: readonly Prediction[]): Prediction {
  const classes = Object.keys(predictions[0].probabilities);
  const means = classes.map(
    (name) =>
      predictions.reduce((sum, { probabilities }) => sum + probabilities[name], 0) / predictions.length,
  );
  return predictionOf(means, classes);
}

function describeFace({ probabilities, ...face }: FollowedFace, name: string): string {
  const { label, probability, box, also, attributes, aligned, turned } = face;
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(Math.round);
  return [
    describeLabel(name, label, probability, Object.keys(probabilities)),
    `  ${width}×${height} at (${x}, ${y})`,
    also === undefined ? '' : `, ${also.label} ${Math.round(100 * also.probability)} %`,
    attributes === undefined ? '' : `, ${attributes.gender}, ${Math.round(attributes.age)} years`,
    aligned ? '' : ', not aligned',
    turned === undefined ? '' : turned === 180 ? ': upside down' : ': on its side',
  ].join('');
}

function describeLabel(name: string, label: string, probability: number, classes: readonly string[]): string {
  const longest = Math.max(...classes.map((other) => other.length));
  const share = `${Math.round(100 * probability)} %`;
  return `${name.padStart(4)}  ${label.padEnd(longest)} ${share.padStart(5)} ${barOf(probability)}`;
}

function barOf(share: number): string {
  const full = Math.round(BAR * share);
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}
