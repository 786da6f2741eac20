import type { AlignmentMethod } from '../landmarks/alignment.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';

/** The role of a sample. */
export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** A column that divides samples into groups, such as gender or age. */
export interface GroupColumn {
  /** The values that occur, as they are written; numbers ascending, other values sorted by code unit. */
  readonly values: readonly string[];
  /** Index into `values` of each sample, −1 where the field was empty, [count]. */
  readonly of: Int32Array;
}

/**
 * Labelled face frames. All arrays lie on SharedArrayBuffers: a thread that is sent a data set sees the same memory.
 */
export interface Dataset {
  /** Where it came from, for people. */
  readonly name: string;
  /** Class names; a label is an index into them. At most 256. */
  readonly classes: readonly string[];
  readonly frame: FrameGeometry;
  /** How the faces were brought into their frames. */
  readonly align: AlignmentMethod;
  readonly count: number;
  /** Samples whose points were unknown or not trusted, so that the crop was taken as it is. */
  readonly unaligned: number;
  /** Images that could not be read and were left out. */
  readonly skipped: number;
  /** Grey levels, [count][size][size]. */
  readonly frames: Uint8Array;
  /** Class of each sample, [count]. */
  readonly labels: Uint8Array;
  /** Role of each sample as an index into `SPLITS`, [count]. */
  readonly splits: Uint8Array;
  /** Number of the person on each sample where people are known, [count]. */
  readonly subjects?: Int32Array;
  /** Further columns of the data, by name, where there are any. Nothing is trained on them. */
  readonly groups?: ReadonlyMap<string, GroupColumn>;
  /** SHA-256 of classes, geometry, frames, labels, splits, subjects and groups. */
  readonly hash: string;
}

/** Whether a value of a column is a number, as an age is. */
export function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value));
}

/** Sample numbers of one split, ascending. */
export function indicesOf(dataset: Pick<Dataset, 'splits'>, split: Split): Uint32Array {
  const wanted = SPLITS.indexOf(split);
  return Uint32Array.from(Array.from(dataset.splits.keys()).filter((i) => dataset.splits[i] === wanted));
}
