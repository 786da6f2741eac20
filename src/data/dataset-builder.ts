import { canonicalJson, sha256 } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import type { GreyImage } from '../images/photo.ts';
import { renderFrame } from '../landmarks/frame.ts';
import { FACE_FRAME, type FrameGeometry } from '../landmarks/frame-geometry.ts';
import { cropAsIs, fitSimilarity, wholeOf } from '../landmarks/similarity.ts';
import { type Dataset, indicesOf, SPLITS, type Split } from './dataset.ts';
import type { LoadProgress } from './load-options.ts';
import { stratifiedSplit } from './splits.ts';

/** One labelled face on its way into a data set. */
export interface FaceRecord extends GreyImage {
  /** Index into the class names, 0–255. */
  readonly label: number;
  readonly split: Split;
  /** Number of the person: of every record, or of none. */
  readonly subject?: number;
  /** x0, y0, …, x67, y67 in pixels of the image. Without them the crop is taken as it is. */
  readonly points?: ArrayLike<number>;
}

const MOST_BYTES = 2 ** 31;
const PROGRESS_EVERY = 500;
const VALIDATION_SHARE = 0.2;

/**
 * Collects faces, one at a time, as frames in shared memory. The frames grow in place, so that they never exist twice:
 * a growable buffer reserves addresses, and takes memory as it grows.
 */
export class DatasetBuilder {
  readonly #name: string;
  readonly #frame: FrameGeometry;
  readonly #onProgress: ((progress: LoadProgress) => void) | undefined;
  readonly #buffer = new SharedArrayBuffer(0, { maxByteLength: MOST_BYTES });
  readonly #labels: number[] = [];
  readonly #splits: number[] = [];
  readonly #subjects: number[] = [];
  #unaligned = 0;

  constructor(
    name: string,
    onProgress?: (progress: LoadProgress) => void,
    frame: FrameGeometry = FACE_FRAME,
  ) {
    this.#name = name;
    this.#onProgress = onProgress;
    this.#frame = frame;
  }

  /** @throws EvopatchError `INVALID_DATA` where the frames would not fit into 2 GiB. */
  add({ label, split, subject, points, ...image }: FaceRecord): void {
    const crop = wholeOf(image);
    const alignment = points && fitSimilarity(points, crop, this.#frame);
    const bytes = this.#frame.size * this.#frame.size;
    const start = this.#buffer.byteLength;
    if (start + bytes > MOST_BYTES) {
      const hint = 'Load a part of the data set.';
      throw new EvopatchError('INVALID_DATA', 'too many samples', { given: this.#labels.length + 1, hint });
    }
    this.#buffer.grow(start + bytes);
    const into = new Uint8Array(this.#buffer, start, bytes);
    renderFrame(image, alignment?.similarity ?? cropAsIs(crop, this.#frame), this.#frame, into);
    this.#labels.push(label);
    this.#splits.push(SPLITS.indexOf(split));
    if (subject !== undefined) this.#subjects.push(subject);
    if (alignment === undefined || alignment.fallback) this.#unaligned++;
    if (this.#labels.length % PROGRESS_EVERY === 0) this.#report();
  }

  /**
   * The finished data set. Where no sample is in the validation split, a fifth of the training samples moves there,
   * stratified and by whole subjects, and always the same ones.
   */
  build(classes: readonly string[]): Dataset {
    this.#report();
    const count = this.#labels.length;
    const parts: Omit<Dataset, 'hash'> = {
      name: this.#name,
      classes,
      frame: this.#frame,
      count,
      frames: new Uint8Array(this.#buffer, 0, this.#buffer.byteLength),
      labels: sharedBytes(this.#labels),
      splits: sharedBytes(this.#splits),
      ...(this.#subjects.length > 0 && { subjects: sharedIntegers(this.#subjects) }),
    };
    addValidationSplit(parts);
    return { ...parts, hash: hashOf(parts) };
  }

  #report(): void {
    this.#onProgress?.({ samples: this.#labels.length, unaligned: this.#unaligned });
  }
}

/** SHA-256 of classes, geometry, frames, labels, splits and subjects. */
export function hashOf({ classes, frame, frames, labels, splits, subjects }: Omit<Dataset, 'hash'>): string {
  const header = canonicalJson({ classes, frame, subjects: subjects !== undefined });
  const people = subjects ? [new Uint8Array(subjects.buffer, subjects.byteOffset, subjects.byteLength)] : [];
  return sha256(header, frames, labels, splits, ...people);
}

function addValidationSplit(dataset: Omit<Dataset, 'hash'>): void {
  const validation = SPLITS.indexOf('validation');
  if (dataset.splits.includes(validation)) return;
  const training = indicesOf(dataset, 'train');
  const { first } = stratifiedSplit(dataset, training, VALIDATION_SHARE, 'validation');
  for (const index of first) dataset.splits[index] = validation;
}

function sharedBytes(values: readonly number[]): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(values.length));
  shared.set(values);
  return shared;
}

function sharedIntegers(values: readonly number[]): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(4 * values.length));
  shared.set(values);
  return shared;
}
