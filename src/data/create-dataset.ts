import * as z from 'zod';
import { EvopatchError } from '../core/errors.ts';
import { mapInOrder } from '../core/map-in-order.ts';
import { parse } from '../core/parse.ts';
import { type ImageSource, openImage } from '../images/open-image.ts';
import { POINT_COUNT } from '../landmarks/mean-shape.ts';
import { checkClassCount, checkClassNames } from './class-names.ts';
import { type Dataset, SPLITS, type Split } from './dataset.ts';
import type { FaceSource, LabelledPicture, UnreadablePicture } from './face-source.ts';
import { isUnreadable } from './image-source.ts';
import { type LoadOptions, parseLoadOptions } from './load-options.ts';
import { loadSource } from './load-source.ts';

/** A labelled picture of a face. */
export interface Sample {
  readonly image: ImageSource;
  /** The name of its class; a data set has at most 256 classes. */
  readonly label: string;
  /** @defaultValue 'train' */
  readonly split?: Split;
  /** The name of the person, given for all samples or for none. */
  readonly subject?: string;
  /** Further columns, such as gender or age, the same for all samples; an empty value is unknown. */
  readonly groups?: Readonly<Record<string, string>>;
  /**
   * x0, y0, …, x67, y67 in pixels of the picture, NaN for an unknown point. Without them, the landmarks are detected if `align`
   * needs them.
   */
  readonly points?: ArrayLike<number>;
}

export interface CreateDatasetOptions extends Omit<LoadOptions, 'points' | 'encoding' | 'votes'> {
  /** A name for the data set, shown to people. @defaultValue 'samples' */
  readonly name?: string;
}

const POINTS_PROBLEM = `must be ${2 * POINT_COUNT} coordinates: x0, y0, …, x67, y67`;
const sampleSchema = z.strictObject({
  image: z.custom<ImageSource>(),
  label: z.string().min(1),
  split: z.enum(SPLITS).default('train'),
  subject: z.string().min(1).optional(),
  groups: z.record(z.string().min(1), z.string()).optional(),
  points: z
    .custom<ArrayLike<number>>(
      (points) => (points as Sample['points'])?.length === 2 * POINT_COUNT,
      POINTS_PROBLEM,
    )
    .optional(),
});

/** Images to decode concurrently. */
const MAX_CONCURRENT = 8;

/**
 * Makes a data set of pictures in memory. They become frames in the same way as pictures in files (see `loadDataset`). The
 * classes are the labels, sorted by code unit. If no sample is for validation, a fifth of the training samples moves there,
 * stratified and by whole subjects.
 *
 * @throws EvopatchError `INVALID_DATA` and `INVALID_IMAGE` with the index of the sample; `FILE_SYSTEM`; `INVALID_OPTION`;
 * `ABORTED`.
 */
export async function createDataset(
  samples: Iterable<Sample> | AsyncIterable<Sample>,
  { name = 'samples', ...options }: CreateDatasetOptions = {},
): Promise<Dataset> {
  const settings = parseLoadOptions(options);
  return await loadSource(sampleSource(name, samples), settings);
}

function sampleSource(name: string, samples: Iterable<Sample> | AsyncIterable<Sample>): FaceSource {
  const classes: string[] = [];
  return {
    name,
    classes,
    total: Array.isArray(samples) ? samples.length : undefined,
    key: 'row',
    async *pictures() {
      const labels = new Set<string>();
      yield* mapInOrder(checkedSamples(samples, labels), MAX_CONCURRENT, openSample);
      classes.push(...[...labels].sort());
      checkClassCount(name, classes);
      checkClassNames(name, classes);
    },
    pathOf: () => name,
  };
}

type CheckedSample = Omit<LabelledPicture, 'picture'> & Pick<Sample, 'image'> & { readonly row: number };

/** @throws EvopatchError `INVALID_DATA` for the first sample with a wrong field or without a field of the first sample. */
async function* checkedSamples(
  samples: Iterable<Sample> | AsyncIterable<Sample>,
  labels: Set<string>,
): AsyncGenerator<CheckedSample> {
  const subjects = new Map<string, number>();
  let columns: readonly string[] | undefined;
  let row = 0;
  for await (const sample of samples) {
    const {
      subject,
      groups = {},
      ...checked
    } = naming(row, () => parse(sampleSchema, sample, 'INVALID_DATA'));
    const label = checked.label.normalize();
    labels.add(label);
    const given = [...(subject === undefined ? [] : ['subject']), ...Object.keys(groups).sort()];
    columns ??= given;
    if (given.join() !== columns.join()) {
      const hint = `The first sample has ${columns.join(', ') || 'neither'}; every sample needs the same.`;
      const problem = 'the sample has another subject or other groups';
      throw new EvopatchError('INVALID_DATA', problem, { sample: row, given: given.join(), hint });
    }
    if (subject !== undefined && !subjects.has(subject)) subjects.set(subject, subjects.size);
    yield {
      ...checked,
      label,
      subject: subject === undefined ? undefined : subjects.get(subject),
      groups: Object.entries(groups),
      row: row++,
    };
  }
}

async function openSample({ image, ...known }: CheckedSample): Promise<LabelledPicture | UnreadablePicture> {
  try {
    return { ...known, picture: (await openImage(image)).photo };
  } catch (cause) {
    const error = named(known.row, cause);
    if (isUnreadable(error)) return { error };
    throw error;
  }
}

function naming<Result>(sample: number, check: () => Result): Result {
  try {
    return check();
  } catch (cause) {
    throw named(sample, cause);
  }
}

/** Adds the index of the sample to an error. */
function named(sample: number, error: unknown): unknown {
  if (!(error instanceof EvopatchError)) return error;
  return new EvopatchError(error.code, error.problem, { ...error.data, sample }, error.cause);
}
