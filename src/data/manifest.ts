import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative } from 'node:path';
import type { TextOptions } from '../core/byte-lines.ts';
import { readCsv } from '../core/csv-records.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { mapInOrder } from '../core/map-in-order.ts';
import { containedPath } from './contained-path.ts';
import type { Dataset, Split } from './dataset.ts';
import type { FaceSource } from './face-source.ts';
import { imageSource, type ListedImage } from './image-source.ts';
import { type LoadOptions, parseLoadOptions } from './load-options.ts';
import { loadSource } from './load-source.ts';
import {
  MANIFEST_HINT,
  type ManifestColumn,
  type ManifestLayout,
  readManifestHeader,
} from './manifest-columns.ts';
import { SPLIT_NAMES_HINT, splitOfName } from './split-names.ts';

/** Paths to resolve concurrently. */
const MAX_CONCURRENT = 16;
/** Rows between two reports of progress. */
const ROWS_PER_REPORT = 1000;

/** The options of a load that a manifest needs. */
type ManifestOptions = TextOptions & Pick<LoadOptions, 'onBadImage' | 'onProgress'>;

interface Entry {
  readonly path: string;
  readonly label: string;
  readonly subject?: string;
  readonly split: Split;
}

/**
 * Loads the images that a csv lists, plain or gzipped, with commas, semicolons or tabs between the fields. The columns, in any
 * order and case, are the image's path (`path`, `image`, `file`, `filename`, …), its class (`label`, `class`, `emotion`,
 * `target`, …) and optionally `subject` (any name of the person) and `split` (train, validation, test or another name that
 * `splitOfName` knows; without the column all are train). Paths are relative to the csv's folder, or absolute, and may not leave
 * it; backslashes stand for slashes. A nameless index column is ignored. Every other column, such as gender or age, becomes one
 * of the data set's `groups`; its fields may be empty. A column whose name nearly matches a known one, such as `spilt`, is
 * refused as a misspelling. A missing image counts as one that cannot be read.
 *
 * @throws EvopatchError `INVALID_DATA` with file, row and column; `INVALID_IMAGE`; `INVALID_OPTION`; `FILE_SYSTEM`; `ABORTED`.
 */
export async function loadManifest(file: string, options: LoadOptions = {}): Promise<Dataset> {
  const settings = parseLoadOptions(options);
  return await loadSource(await manifestSource(file, settings), settings);
}

/** Opens the images that a manifest lists. @throws EvopatchError `INVALID_DATA`, `FILE_SYSTEM`, `ABORTED`. */
export async function manifestSource(
  file: string,
  options: ManifestOptions = {},
  labelled = true,
): Promise<FaceSource> {
  const root = await realpath(dirname(file)).catch((cause) => {
    throw fileSystemError('cannot read the folder', dirname(file), cause);
  });
  const images: ListedImage[] = [];
  const subjects = new Map<string, number>();
  const entries = mapInOrder(readEntries(file, options), MAX_CONCURRENT, async ({ row, entry, groups }) => {
    const path = await resolveImage(root, entry.path, { file, row, option: 'path' }, options);
    return { path, entry, groups };
  });
  for await (const { path, entry, groups } of entries) {
    const { label, subject, split } = entry;
    if (subject !== undefined && !subjects.has(subject)) subjects.set(subject, subjects.size);
    images.push({
      path,
      file: typeof path === 'string' ? relativeTo(root, path, entry.path) : entry.path,
      row: images.length,
      label: label.normalize(),
      split,
      subject: subject === undefined ? undefined : subjects.get(subject),
      groups: groups.length > 0 ? groups : undefined,
    });
    if (images.length % ROWS_PER_REPORT === 0) {
      options.onProgress?.({ samples: 0, unaligned: 0, listed: images.length });
    }
  }
  return imageSource(file, root, images, labelled);
}

/** Reads and checks the rows of a manifest. */
async function* readEntries(file: string, options: TextOptions) {
  let layout: ManifestLayout | undefined;
  for await (const { fields, row } of readCsv(file, options)) {
    if (layout === undefined) {
      layout = readManifestHeader(fields, file, row);
      continue;
    }
    if (fields.length !== layout.columns) {
      const data = { file, row, given: `${fields.length} columns`, hint: MANIFEST_HINT };
      throw invalid(`the row does not have ${layout.columns} columns`, data);
    }
    const groups = layout.groups.map(([name, column]) => [name, fields[column]] as const);
    yield { row, entry: readEntry(fields, layout, file, row), groups };
  }
  if (layout === undefined) throw invalid('the file is empty', { file, hint: MANIFEST_HINT });
}

function readEntry(fields: readonly string[], { known }: ManifestLayout, file: string, row: number): Entry {
  const field = (option: ManifestColumn): string | undefined => {
    if (known[option] < 0) return undefined;
    const value = fields[known[option]];
    if (value !== '') return value;
    throw invalid('the field is empty', { file, row, option, hint: 'Fill it in, or leave the column out.' });
  };
  const given = field('split') ?? 'train';
  const split = splitOfName(given);
  if (split === undefined) {
    const hint = `A split is one of ${SPLIT_NAMES_HINT}.`;
    throw invalid('not a split', { file, row, option: 'split', given, hint });
  }
  return { path: field('path')!, label: field('label')!, subject: field('subject'), split };
}

/** Resolves the path of an image; returns the error for a missing one if images may be skipped. */
async function resolveImage(
  root: string,
  path: string,
  where: ErrorData,
  { onBadImage }: ManifestOptions,
): Promise<string | EvopatchError> {
  try {
    return await containedPath(root, path, where);
  } catch (error) {
    const isMissing = error instanceof EvopatchError && error.cause !== undefined;
    if (isMissing && onBadImage === 'skip') return error;
    throw error;
  }
}

/** Names an image as a points file does: a relative path as written, '/' between folders. */
function relativeTo(root: string, real: string, written: string): string {
  const path = isAbsolute(written) ? relative(root, real) : written;
  return path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
}

function invalid(problem: string, data: ErrorData): EvopatchError {
  return new EvopatchError('INVALID_DATA', problem, data);
}
