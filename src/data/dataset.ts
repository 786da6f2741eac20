import type { AlignmentMethod } from '../landmarks/alignment.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';

/** What a sample is used for. */
export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** A column that divides samples into groups, such as gender or age. */
export interface GroupColumn {
  /** The distinct values as written; numbers ascending, other values sorted by code unit. */
  readonly values: readonly string[];
  /** Index into `values` of each sample, −1 for an empty field, [count]. */
  readonly of: Int32Array;
}

/** Labelled face frames. All arrays are on SharedArrayBuffers, so that threads share them. */
export interface Dataset {
  /** Where the data come from, shown to people. */
  readonly name: string;
  /** Class names; a label is an index into them. At most 256. */
  readonly classes: readonly string[];
  readonly frame: FrameGeometry;
  /** How the faces were aligned to their frames. */
  readonly align: AlignmentMethod;
  readonly count: number;
  /** Samples that were not aligned because their points are unknown or not trusted. */
  readonly unaligned: number;
  /** Images that could not be read and were left out. */
  readonly skipped: number;
  /** Grey levels, [count][size][size]. */
  readonly frames: Uint8Array;
  /** Class of each sample, [count]. */
  readonly labels: Uint8Array;
  /** Split of each sample as an index into `SPLITS`, [count]. */
  readonly splits: Uint8Array;
  /** Index of the person of each sample, if the data name people, [count]. */
  readonly subjects?: Int32Array;
  /** Further columns of the data by name, if any. Trainings ignore them. */
  readonly groups?: ReadonlyMap<string, GroupColumn>;
  /** SHA-256 of classes, geometry, frames, labels, splits, subjects and groups. */
  readonly hash: string;
}

/** Tests whether a value of a column is a number, such as an age. */
export function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value));
}

/** Lists the indices of the samples of one split, ascending. */
export function indicesOf(dataset: Pick<Dataset, 'splits'>, split: Split): Uint32Array {
  const wanted = SPLITS.indexOf(split);
  return Uint32Array.from(Array.from(dataset.splits.keys()).filter((i) => dataset.splits[i] === wanted));
}
