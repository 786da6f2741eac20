import { canonicalJson } from '../core/canonical-json.ts';
import { sha256 } from '../core/hash.ts';
import type { GreyImage } from '../images/photo.ts';
import { type AlignmentMethod, alignFace } from '../landmarks/alignment.ts';
import { renderFrame } from '../landmarks/frame.ts';
import { FACE_FRAME, type FrameGeometry } from '../landmarks/frame-geometry.ts';
import type { Box } from '../landmarks/landmark-detector.ts';
import { wholeOf } from '../landmarks/similarity.ts';
import { type Dataset, type GroupColumn, indicesOf, isNumber, SPLITS, type Split } from './dataset.ts';
import type { GroupValues } from './face-source.ts';
import { FrameStore } from './frame-store.ts';
import { stratifiedSplit } from './splits.ts';

/** A labelled face to add to a data set. */
export interface FaceRecord {
  readonly image: GreyImage;
  /** Index into the class names, 0–255. */
  readonly label: number;
  readonly split: Split;
  /** The index of the person, given for all records or for none. */
  readonly subject?: number;
  /** Further columns, the same for all records. */
  readonly groups?: GroupValues;
  /** The part of the image that the face fills, pixels. @defaultValue the whole image */
  readonly crop?: Box;
  /** x0, y0, …, x67, y67 in pixels of the image. Without them the crop is not aligned. */
  readonly points?: ArrayLike<number>;
}

const VALIDATION_SHARE = 0.2;

/** Collects faces as frames in shared memory. */
export class DatasetBuilder {
  readonly #name: string;
  readonly #align: AlignmentMethod;
  readonly #frame: FrameGeometry;
  readonly #store: FrameStore;
  readonly #labels: number[] = [];
  readonly #splits: number[] = [];
  readonly #subjects: number[] = [];
  readonly #groups = new Map<string, string[]>();
  #unaligned = 0;

  constructor(name: string, align: AlignmentMethod = 'similarity', frame: FrameGeometry = FACE_FRAME) {
    this.#name = name;
    this.#align = align;
    this.#frame = frame;
    this.#store = new FrameStore(frame.size * frame.size);
  }

  /** Faces added so far. */
  get count(): number {
    return this.#labels.length;
  }

  /** Faces that were not aligned because their points are unknown or not trusted. */
  get unaligned(): number {
    return this.#unaligned;
  }

  /**
   * Adds a face.
   *
   * @param expected an estimate of the final number of faces
   * @throws EvopatchError `INVALID_DATA` if the frames would not fit into 4 GiB, `OUT_OF_MEMORY`.
   */
  add(
    { image, label, split, subject, groups = [], crop = wholeOf(image), points }: FaceRecord,
    expected?: number,
  ): void {
    const { similarity, fallback } = alignFace(this.#align, crop, points, this.#frame);
    renderFrame(image, similarity, this.#frame, this.#store.add(expected));
    this.#labels.push(label);
    this.#splits.push(SPLITS.indexOf(split));
    if (subject !== undefined) this.#subjects.push(subject);
    for (const [column, value] of groups) {
      const values = this.#groups.get(column);
      if (values === undefined) this.#groups.set(column, [value]);
      else values.push(value);
    }
    if (fallback) this.#unaligned++;
  }

  /** Replaces each label i by `numbers[i]`. */
  renumber(numbers: readonly number[]): void {
    for (const [i, label] of this.#labels.entries()) this.#labels[i] = numbers[label];
  }

  /**
   * Completes the data set. If the validation split is empty, a fifth of the training samples moves there, stratified, by whole
   * subjects and always the same ones.
   *
   * @param skipped number of pictures that were left out
   */
  build(classes: readonly string[], skipped = 0): Dataset {
    const parts: Omit<Dataset, 'hash'> = {
      name: this.#name,
      classes,
      frame: this.#frame,
      align: this.#align,
      count: this.count,
      unaligned: this.#unaligned,
      skipped,
      frames: this.#store.frames,
      labels: sharedBytes(this.#labels),
      splits: sharedBytes(this.#splits),
      ...(this.#subjects.length > 0 && { subjects: sharedIntegers(this.#subjects) }),
      ...(this.#groups.size > 0 && {
        groups: new Map([...this.#groups].map(([column, values]) => [column, groupColumn(values)])),
      }),
    };
    addValidationSplit(parts);
    return { ...parts, hash: hashOf(parts) };
  }
}

/** The fields of a data set that are arrays in memory. */
export type DatasetArrays = Pick<Dataset, 'frames' | 'labels' | 'splits' | 'subjects' | 'groups'>;

/** Lists the bytes of those arrays in a fixed order. */
export function arraysOf({ frames, labels, splits, subjects, groups }: DatasetArrays): Uint8Array[] {
  const integers = [
    ...(subjects ? [subjects] : []),
    ...[...(groups?.values() ?? [])].map((column) => column.of),
  ];
  const bytes = integers.map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return [frames, labels, splits, ...bytes];
}

/** Computes the SHA-256 of classes, geometry, frames, labels, splits, subjects and groups. */
export function hashOf({
  classes,
  frame,
  frames,
  labels,
  splits,
  subjects,
  groups,
}: DatasetArrays & Pick<Dataset, 'classes' | 'frame'>): string {
  const columns = groups && [...groups].map(([column, { values }]) => ({ column, values }));
  const header = canonicalJson({ classes, frame, subjects: subjects !== undefined, groups: columns });
  return sha256(header, ...arraysOf({ frames, labels, splits, subjects, groups }));
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

function groupColumn(fields: readonly string[]): GroupColumn {
  const values = [...new Set(fields)].filter((value) => value !== '').sort();
  if (values.every(isNumber)) values.sort((a, b) => Number(a) - Number(b));
  const numbers = new Map(values.map((value, i) => [value, i]));
  return { values, of: sharedIntegers(fields.map((value) => numbers.get(value) ?? -1)) };
}
