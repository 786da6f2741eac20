import { canonicalJson, sha256 } from '../core/canonical-json.ts';
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

/** One labelled face on its way into a data set. */
export interface FaceRecord {
  readonly image: GreyImage;
  /** Index into the class names, 0–255. */
  readonly label: number;
  readonly split: Split;
  /** Number of the person: of every record, or of none. */
  readonly subject?: number;
  /** Further columns: of every record the same ones. */
  readonly groups?: GroupValues;
  /** The part of the image that the face fills, pixels; all of it where left out. */
  readonly crop?: Box;
  /** x0, y0, …, x67, y67 in pixels of the image. Without them the crop is taken as it is. */
  readonly points?: ArrayLike<number>;
}

const VALIDATION_SHARE = 0.2;

/** Collects faces, one at a time, as frames in shared memory. */
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

  /** Faces so far. */
  get count(): number {
    return this.#labels.length;
  }

  /** Those among them whose points were unknown or not trusted, so that the crop was taken as it is. */
  get unaligned(): number {
    return this.#unaligned;
  }

  /**
   * @param expected faces that there will be in all, as far as that can be told.
   * @throws EvopatchError `INVALID_DATA` where the frames would not fit into 4 GiB, `OUT_OF_MEMORY`.
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

  /** Gives the labels so far new numbers: a label of i becomes numbers[i]. */
  renumber(numbers: readonly number[]): void {
    for (const [i, label] of this.#labels.entries()) this.#labels[i] = numbers[label];
  }

  /**
   * The finished data set. Where no sample is in the validation split, a fifth of the training samples moves there,
   * stratified and by whole subjects, and always the same ones.
   *
   * @param skipped number of pictures that were left out.
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

/** The parts of a data set that lie in memory as arrays. */
export type DatasetArrays = Pick<Dataset, 'frames' | 'labels' | 'splits' | 'subjects' | 'groups'>;

/** The bytes of those arrays, always in this order. */
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

/** SHA-256 of classes, geometry, frames, labels, splits, subjects and groups. */
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
