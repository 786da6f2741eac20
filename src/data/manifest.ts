import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TextOptions } from '../core/byte-lines.ts';
import { readCsv } from '../core/csv-records.ts';
import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { suggest } from '../core/suggest.ts';
import { containedPath } from './contained-path.ts';
import { type Dataset, SPLITS, type Split } from './dataset.ts';
import type { FaceSource, GroupValues } from './face-source.ts';
import { imageSource, type ListedImage } from './image-source.ts';
import { type LoadOptions, parseLoadOptions } from './load-options.ts';
import { loadSource } from './load-source.ts';

const COLUMNS = ['path', 'label', 'subject', 'split'] as const;
type Column = (typeof COLUMNS)[number];

const HEADER =
  'The columns are path and label, as you wish subject and split, and any others that divide the faces into groups.';

/**
 * Loads the images that a csv lists, plain or gzipped: the columns `path` (relative to the csv's folder, which it may not
 * leave), `label` (a class name) and, in any order, `subject` (any name of the person) and `split` (train, validation or
 * test; without the column all are train). Every other column, such as gender or age, becomes one of the data set's
 * `groups`; its fields may be empty. A name that is nearly one of the four, as `spilt`, is taken for a slip.
 *
 * @throws EvopatchError `INVALID_DATA` with file, row and column; `INVALID_IMAGE`; `INVALID_OPTION`; `FILE_SYSTEM`;
 * `ABORTED`.
 */
export async function loadManifest(file: string, options: LoadOptions = {}): Promise<Dataset> {
  const settings = parseLoadOptions(options);
  return await loadSource(await manifestSource(file, settings), settings);
}

/** The images that a manifest lists. @throws EvopatchError `INVALID_DATA`, `FILE_SYSTEM`, `ABORTED`. */
export async function manifestSource(file: string, options: TextOptions = {}): Promise<FaceSource> {
  const root = await realpath(dirname(file)).catch((cause) => {
    throw fileSystemError('cannot read the folder', dirname(file), cause);
  });
  const images: ListedImage[] = [];
  const subjects = new Map<string, number>();
  let header: readonly string[] | undefined;
  for await (const { fields, row } of readCsv(file, options)) {
    if (header === undefined) {
      header = readHeader(fields, file, row);
      continue;
    }
    if (fields.length !== header.length) {
      const given = `${fields.length} columns`;
      throw invalid(`the row does not have ${header.length} columns`, { file, row, given, hint: HEADER });
    }
    const record = readRecord(fields, header, file, row);
    const path = await containedPath(root, record.path, { file, row, option: 'path' });
    const { subject } = record;
    if (subject !== undefined && !subjects.has(subject)) subjects.set(subject, subjects.size);
    images.push({
      path,
      file: record.path.replaceAll('\\', '/').replace(/^(\.\/)+/, ''),
      row: images.length,
      label: record.label,
      split: record.split,
      subject: subject === undefined ? undefined : subjects.get(subject),
      groups: groupsOf(fields, header),
    });
  }
  if (header === undefined) throw invalid('the file is empty', { file, hint: HEADER });
  return imageSource(file, root, images);
}

function readHeader(fields: readonly string[], file: string, row: number): readonly string[] {
  const missing = ['path', 'label'].find((name) => !fields.includes(name));
  const wrong = fields.find((name, i) => name === '' || fields.indexOf(name) !== i);
  if (missing !== undefined || wrong !== undefined) {
    const data = { file, row, option: missing ?? wrong, given: fields.join(), hint: HEADER };
    throw invalid('not the header of a manifest', data);
  }
  const absent = COLUMNS.filter((name) => !fields.includes(name));
  for (const option of fields.filter((name) => !isKnown(name))) {
    const meant = suggest(option.toLowerCase(), absent);
    if (meant === undefined) continue;
    const hint = `Did you mean '${meant}'? If not, call the column something else.`;
    throw invalid('this column is nearly one of a manifest', { file, row, option, hint });
  }
  return fields;
}

function isKnown(name: string): boolean {
  return COLUMNS.includes(name as Column);
}

/** What the further columns say, where there are any. */
function groupsOf(fields: readonly string[], header: readonly string[]): GroupValues | undefined {
  const groups = header.flatMap((name, i) => (isKnown(name) ? [] : [[name, fields[i]] as const]));
  return groups.length > 0 ? groups : undefined;
}

interface Entry {
  readonly path: string;
  readonly label: string;
  readonly subject?: string;
  readonly split: Split;
}

function readRecord(fields: readonly string[], header: readonly string[], file: string, row: number): Entry {
  const field = (option: Column): string | undefined => {
    const column = header.indexOf(option);
    if (column < 0) return undefined;
    if (fields[column] !== '') return fields[column];
    throw invalid('the field is empty', { file, row, option, hint: 'Fill it in, or leave the column out.' });
  };
  const split = field('split') ?? 'train';
  if (!SPLITS.includes(split as Split)) {
    const hint = `A split is one of ${SPLITS.join(', ')}.`;
    throw invalid('not a split', { file, row, option: 'split', given: split, hint });
  }
  return {
    path: field('path')!,
    label: field('label')!,
    subject: field('subject'),
    split: split as Split,
  };
}

function invalid(problem: string, data: ErrorData): EvopatchError {
  return new EvopatchError('INVALID_DATA', problem, data);
}
