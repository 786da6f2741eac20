import * as z from 'zod';
import type { EvopatchError } from '../core/errors.ts';
import { parse, strictOptions } from '../core/parse.ts';
import { ALIGNMENTS, type AlignmentMethod } from '../landmarks/alignment.ts';
import { FACE_SEARCHES, type FaceSearch } from '../landmarks/face-search.ts';
import type { LandmarkDetector } from '../landmarks/landmark-detector.ts';
import type { ClassChoice } from './class-choice.ts';

/** What to do with an image that cannot be read. */
export const BAD_IMAGE_POLICIES = ['stop', 'skip'] as const;

export interface LoadOptions {
  /** A csv of landmarks that align the faces. Without it, landmarks are detected if `align` needs them. */
  readonly points?: string;
  /** How faces are aligned to their frames. @defaultValue 'similarity' */
  readonly align?: AlignmentMethod;
  /**
   * How faces are found without `points`: `crop` treats a picture as one face, `tiny` and `ssd` first look for faces in a photo;
   * `auto` is `crop` up to 128 pixels and `tiny` beyond.
   *
   * @defaultValue 'auto'
   */
  readonly faces?: FaceSearch;
  /**
   * Finds faces and landmarks instead of face-api, in the calling thread, as `faces` selects. Caches keep the results of
   * detectors with different `version` apart.
   */
  readonly detector?: LandmarkDetector;
  /**
   * Threads that detect landmarks, about 100 MB each; 0 uses the calling thread. The result does not depend on it.
   *
   * @defaultValue the number of cores, at most 4
   */
  readonly workers?: number;
  /** The folder that caches frames and landmarks. Without it nothing is cached. */
  readonly cacheFolder?: string;
  /** Whether an image that cannot be read stops the loading or is skipped. @defaultValue 'stop' */
  readonly onBadImage?: (typeof BAD_IMAGE_POLICIES)[number];
  /** Classes to keep, rename and merge, in this order. @defaultValue every class with a face */
  readonly classes?: ClassChoice;
  /**
   * The encoding of the data's csv if it has no byte order mark: a label of the Encoding Standard, such as 'windows-1251'.
   *
   * @defaultValue 'utf-8'
   */
  readonly encoding?: string;
  /**
   * The votes of FER+ (`fer2013new.csv`, Barsoum et al. 2016) for a csv of pixels. The majority gives each label, and rows
   * without a majority are left out.
   */
  readonly votes?: string;
  /** Called for each image that is left out. */
  readonly onSkip?: (skip: SkippedImage) => void;
  /** Called with each warning about the data. */
  readonly onWarning?: (message: string) => void;
  /** Stops the loading with an `ABORTED` error. */
  readonly signal?: AbortSignal;
  /** Called from time to time, and once at the end. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** An image that was left out. */
export interface SkippedImage {
  /** The image, or the csv that holds it. */
  readonly file: string;
  /** The one-based line of the image in the csv. */
  readonly row?: number;
  readonly error: EvopatchError;
}

export interface LoadProgress {
  /** Samples loaded so far. */
  readonly samples: number;
  /** Samples that were not aligned because their points are unknown or not trusted. */
  readonly unaligned: number;
  /** Number of pictures in all, if known in advance. */
  readonly total?: number;
  /** Otherwise the share of the file read so far, 0 to 1, if known. */
  readonly share?: number;
  /** Pictures found so far, while files are still being listed. */
  readonly listed?: number;
}

/** Checked options with all defaults. */
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

/** @throws EvopatchError `INVALID_OPTION` with the option, the given value and the allowed ones. */
export function parseLoadOptions(options: LoadOptions): LoadSettings {
  return parse(schema, options, 'INVALID_OPTION');
}
