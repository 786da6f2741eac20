import { z } from 'zod';
import type { EvopatchError } from '../core/errors.ts';
import { parse, strictOptions } from '../core/parse.ts';
import { ALIGNMENTS, type AlignmentMethod } from '../landmarks/alignment.ts';
import { FACE_SEARCHES, type FaceSearch } from '../landmarks/face-search.ts';
import type { LandmarkDetector } from '../landmarks/landmark-detector.ts';
import type { ClassChoice } from './class-choice.ts';

/** What becomes of an image that cannot be read. */
export const BAD_IMAGE_POLICIES = ['stop', 'skip'] as const;

export interface LoadOptions {
  /** A csv of landmarks by which the faces are aligned. Without it they are searched for, where `align` needs them. */
  readonly points?: string;
  /** How faces are brought into their frames. @defaultValue 'similarity' */
  readonly align?: AlignmentMethod;
  /**
   * Where no points are given: `crop` takes a picture for one face, `tiny` and `ssd` look for faces in a photo first;
   * `auto` is `crop` up to 128 pixels and `tiny` beyond. @defaultValue 'auto'
   */
  readonly faces?: FaceSearch;
  /**
   * Finds faces and landmarks instead of face-api, in the calling thread, in the way that `faces` names. Caches keep what
   * detectors of different `version` find apart.
   */
  readonly detector?: LandmarkDetector;
  /**
   * Threads that search for landmarks, about 100 MB each; 0 searches in the calling thread. The result does not depend
   * on it. @defaultValue the cores, at most 4
   */
  readonly workers?: number;
  /** Keeps frames and landmarks from one load to the next. Without it nothing is kept. */
  readonly cacheFolder?: string;
  /** Whether an image that cannot be read stops the loading, or is left out. @defaultValue 'stop' */
  readonly onBadImage?: (typeof BAD_IMAGE_POLICIES)[number];
  /** Classes to keep, rename and merge, in this order. @defaultValue every class that a face belongs to */
  readonly classes?: ClassChoice;
  /**
   * What the data's csv is written in where no byte order mark says so: a label of the Encoding Standard, as 'windows-1251'.
   * @defaultValue 'utf-8'
   */
  readonly encoding?: string;
  /**
   * The votes of FER+ (`fer2013new.csv`, Barsoum et al. 2016) about a csv of pixels: its labels are those of the majority then, and
   * rows without one are left out.
   */
  readonly votes?: string;
  /** Hears of every image that is left out. */
  readonly onSkip?: (skip: SkippedImage) => void;
  /** Hears of what the data set lacks of what its source names. */
  readonly onWarning?: (message: string) => void;
  /** Stops the loading with an `ABORTED` error. */
  readonly signal?: AbortSignal;
  /** Called now and then, and once at the end. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** An image that was left out. */
export interface SkippedImage {
  /** The image, or the csv that holds it. */
  readonly file: string;
  /** Its one-based line in the csv. */
  readonly row?: number;
  readonly error: EvopatchError;
}

export interface LoadProgress {
  /** Samples loaded so far. */
  readonly samples: number;
  /** Those among them whose points were unknown or not trusted, so that the crop was taken as it is. */
  readonly unaligned: number;
  /** Pictures in all, where that is known beforehand. */
  readonly total?: number;
  /** Else how much of the file has been read, 0 to 1, where that is known. */
  readonly share?: number;
  /** Pictures found so far, while files are still being listed. */
  readonly listed?: number;
}

/** Checked options with every default filled in. */
export type LoadSettings = LoadOptions & Required<Pick<LoadOptions, 'align' | 'faces' | 'onBadImage'>>;

const listener = <T>() =>
  z.custom<T>((value) => typeof value === 'function', 'must be a function').optional();

function isDetector(value: unknown): boolean {
  const { version, detect, locate } = (value ?? {}) as Partial<LandmarkDetector>;
  return (
    !!version &&
    typeof version === 'string' &&
    [detect, locate].every((method) => typeof method === 'function')
  );
}

const className = z.string().min(1);
const shape = {
  points: z.string().min(1).optional(),
  align: z.enum(ALIGNMENTS).default('similarity'),
  faces: z.enum(FACE_SEARCHES).default('auto'),
  detector: z
    .custom<LandmarkDetector>(isDetector, 'a detector has a version and the methods detect and locate')
    .optional(),
  workers: z.int().min(0).max(256).optional(),
  cacheFolder: z.string().min(1).optional(),
  onBadImage: z.enum(BAD_IMAGE_POLICIES).default('stop'),
  classes: z
    .array(z.union([className, z.tuple([className, className])]))
    .min(1)
    .optional(),
  encoding: z.string().min(1).optional(),
  votes: z.string().min(1).optional(),
  onWarning: listener<LoadOptions['onWarning']>(),
  onSkip: listener<LoadOptions['onSkip']>(),
  signal: z.instanceof(AbortSignal).optional(),
  onProgress: listener<LoadOptions['onProgress']>(),
};
const schema = strictOptions(shape);

/** @throws EvopatchError `INVALID_OPTION` that names the option, what was given and what is allowed. */
export function parseLoadOptions(options: LoadOptions): LoadSettings {
  return parse(schema, options, 'INVALID_OPTION');
}
