import type { EvopatchError } from '../core/errors.ts';
import type { FollowedFace } from '../prediction/follow-faces.ts';
import { type Prediction, predictionOf } from '../prediction/prediction.ts';
import { formatCount } from '../summary/format.ts';

/** What was found on a photo, or in a row of a csv. */
export interface PredictedPhoto {
  /** Of a row FILE:ROW, its line in the csv. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly FollowedFace[];
  /** The picture that was drawn of it. */
  readonly drawing?: string;
}

/** What was found in an animation. */
export interface PredictedAnimation extends Omit<PredictedPhoto, 'faces'> {
  readonly frames: readonly { readonly milliseconds: number; readonly faces: readonly FollowedFace[] }[];
}

/** A picture that could not be read. */
export interface FailedPicture {
  readonly file: string;
  readonly code: string;
  readonly message: string;
}

/** What came of one picture; `followed` where faces have the same number in all photos of a folder. */
export type PictureResult =
  | { readonly photo: PredictedPhoto; readonly followed: boolean }
  | { readonly animation: PredictedAnimation }
  | { readonly error: FailedPicture; readonly cause: EvopatchError };

/** What came of the pictures of a prediction. */
export interface PredictionCounts {
  /** Photos and animations that were read. */
  readonly pictures: number;
  /** Of the animations those of the frame with the most. */
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

/** Each frame with how long it is shown. */
export interface PredictedAnimationJson extends Omit<PredictedAnimation, 'frames'> {
  readonly frames: readonly { readonly milliseconds: number; readonly faces: readonly PredictedFaceJson[] }[];
}

/** As plain data; the number of a face only where faces are followed. */
export function photoToJson({ faces, ...photo }: PredictedPhoto, followed: boolean): PredictedPhotoJson {
  return { ...photo, faces: facesToJson(faces, followed) };
}

/** As plain data. */
export function animationToJson({ frames, ...animation }: PredictedAnimation): PredictedAnimationJson {
  return {
    ...animation,
    frames: frames.map(({ faces, ...frame }) => ({ ...frame, faces: facesToJson(faces, true) })),
  };
}

function facesToJson(faces: readonly FollowedFace[], followed: boolean): PredictedFaceJson[] {
  return faces.map(({ points: _, guided: _guided, id, ...face }) => (followed ? { id, ...face } : face));
}

/** What may help where a photo has no face. */
export function facelessHint(search = 'auto'): string {
  const crop = "'--faces crop' takes the picture for one face";
  return search === 'tiny' || search === 'ssd' ? `'--faces all' finds more faces; ${crop}` : crop;
}

/**
 * A line for the photo and one for each face.
 *
 * @param hint what may help where there is no face
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

/** A line for the animation and one for each face that was followed: what it showed in how many frames, and on average. */
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

/** Of at least one prediction of the same classes. */
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
