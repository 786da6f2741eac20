import type { FollowedFace } from '../prediction/follow-faces.ts';
import { formatCount } from '../summary/format.ts';

/** What was found on a photo. */
export interface PredictedPhoto {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly FollowedFace[];
  /** The picture that was drawn of it. */
  readonly drawing?: string;
}

const BAR = 12;

/** As plain data. The landmarks are left out; the number of a face only where faces are followed. */
export function photoToJson({ faces, ...photo }: PredictedPhoto, followed: boolean) {
  return {
    ...photo,
    faces: faces.map(({ points: _, id, ...face }) => (followed ? { id, ...face } : face)),
  };
}

/** A line for the photo and one for each face. */
export function describePhoto({ file, faces, drawing }: PredictedPhoto, followed: boolean): string {
  const count = faces.length === 1 ? '1 face' : `${formatCount(faces.length)} faces`;
  const found = `${file}: ${faces.length === 0 ? 'no face found' : count}`;
  const lines = faces.map((face, index) => describeFace(face, followed ? `#${face.id}` : `${index + 1}`));
  return [drawing === undefined ? found : `${found}, drawn in ${drawing}`, ...lines].join('\n');
}

function describeFace({ probabilities, ...face }: FollowedFace, name: string): string {
  const { label, probability, box, also, attributes, aligned } = face;
  const longest = Math.max(...Object.keys(probabilities).map((other) => other.length));
  const share = `${Math.round(100 * probability)} %`;
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(Math.round);
  return [
    `${name.padStart(4)}  ${label.padEnd(longest)} ${share.padStart(5)} ${barOf(probability)}`,
    `  ${width}×${height} at (${x}, ${y})`,
    also === undefined ? '' : `, ${also.label} ${Math.round(100 * also.probability)} %`,
    attributes === undefined ? '' : `, ${attributes.gender}, ${Math.round(attributes.age)} years`,
    aligned ? '' : ', not aligned',
  ].join('');
}

function barOf(share: number): string {
  const full = Math.round(BAR * share);
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}
