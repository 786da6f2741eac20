import { type ErrorData, EvopatchError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';

/** Names of the known columns, in lower case without spaces and underscores; the first name takes precedence. */
const NAMES = {
  path: [
    'path',
    'image',
    'img',
    'file',
    'filename',
    'filepath',
    'imagepath',
    'imgpath',
    'imagename',
    'imagefile',
    'picture',
    'photo',
  ],
  label: ['label', 'class', 'emotion', 'expression', 'target', 'category', 'classname', 'labels'],
  subject: ['subject', 'subjectid'],
  split: ['split', 'usage', 'partition'],
} as const;
export type ManifestColumn = keyof typeof NAMES;

/** A nameless index, as pandas writes it, and as it reads and writes it again. */
const INDEX = /^(unnamed: ?\d+)?$/i;

export const MANIFEST_HINT =
  'The columns are path (or image, file, filename, …) and label (or class, emotion, target, …), optionally subject and ' +
  'split, and any others that divide the faces into groups.';

/** The positions of the columns of a manifest. */
export interface ManifestLayout {
  readonly columns: number;
  readonly known: Readonly<Record<ManifestColumn, number>>;
  /** Further columns by name. */
  readonly groups: readonly (readonly [name: string, column: number])[];
}

/** Tests whether a header is, at least nearly, that of a manifest. */
export function isManifest(header: readonly string[]): boolean {
  const names = header.map(plain);
  return NAMES.path.some((name) => names.includes(name));
}

/**
 * Reads the header of a manifest: names in any case and order.
 *
 * @throws EvopatchError `INVALID_DATA` for a missing, ambiguous, nameless, misspelled or repeated column.
 */
export function readManifestHeader(header: readonly string[], file: string, row: number): ManifestLayout {
  const at = { file, row, given: header.join(), hint: MANIFEST_HINT };
  const names = header.map(plain);
  const known = {
    path: columnOf('path', header, at),
    label: columnOf('label', header, at),
    subject: columnOf('subject', header, at),
    split: columnOf('split', header, at),
  };
  const missing = (['path', 'label'] as const).find((name) => known[name] < 0);
  if (missing !== undefined) throw invalid('not the header of a manifest', { ...at, option: missing });
  const read = new Set(Object.values(known));
  const groups: [string, number][] = [];
  for (const [column, name] of header.entries()) {
    if (read.has(column) || (INDEX.test(name) && (column === 0 || name !== ''))) continue;
    if (name === '' || names.indexOf(names[column]) !== column) {
      throw invalid('not the header of a manifest', { ...at, option: name });
    }
    const meant = suggest(name.toLowerCase(), absent(known));
    if (meant !== undefined) {
      const hint = `Did you mean '${meant}'? If not, rename the column.`;
      throw invalid('the name of this column nearly matches one of a manifest', {
        file,
        row,
        option: name,
        hint,
      });
    }
    groups.push([name, column]);
  }
  return { columns: header.length, known, groups };
}

/** Finds the column of a name: the one with the first name, else the only one with another of its names. */
function columnOf(column: ManifestColumn, header: readonly string[], at: ErrorData): number {
  const names = header.map(plain);
  const [first, ...others] = NAMES[column];
  const exact = names.flatMap((name, i) => (name === first ? [i] : []));
  const found =
    exact.length > 0 ? exact : names.flatMap((name, i) => (others.some((one) => one === name) ? [i] : []));
  if (found.length < 2) return found[0] ?? -1;
  const given = found.map((i) => header[i]).join(', ');
  const hint = `Name the right one '${column}', and rename the others.`;
  throw invalid(`several columns could be the ${column}`, { ...at, option: header[found[1]], given, hint });
}

function absent(known: ManifestLayout['known']): ManifestColumn[] {
  return (Object.keys(NAMES) as ManifestColumn[]).filter((name) => known[name] < 0);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[ _]/g, '');
}

function invalid(problem: string, data: ErrorData): EvopatchError {
  return new EvopatchError('INVALID_DATA', problem, data);
}
