import { EvopatchError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';

const MIN_PREFIX = 3;
const MAX_CLASSES = 256;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** @throws EvopatchError `INVALID_DATA` for no classes or more than 256. */
export function checkClassCount(file: string, { length }: readonly string[]): void {
  if (length > 0 && length <= MAX_CLASSES) return;
  const data = { file, given: `${length} classes`, hint: `A data set has 1 to ${MAX_CLASSES} classes.` };
  throw new EvopatchError('INVALID_DATA', 'too few or too many classes', data);
}

/** @throws EvopatchError `INVALID_DATA` for a name with control characters. */
export function checkClassNames(file: string, classes: readonly string[]): void {
  const given = classes.find((name) => CONTROL_CHARACTER.test(name));
  if (given === undefined) return;
  const problem = 'the name of a class holds a line break or control character';
  throw new EvopatchError('INVALID_DATA', problem, { file, given, hint: 'Rename the class.' });
}

/**
 * Normalises a class name: removes case, white space and invisible characters, and unifies the equivalent forms of Unicode
 * (NFKC). Two names that become equal are probably meant to be one class.
 */
export function comparableName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cc}\p{Cf}]/gu, '');
}

/** Groups class names that differ only in case, white space or Unicode form; groups have two names or more. */
export function similarNames(classes: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of classes) {
    const key = comparableName(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].filter((names) => names.length > 1);
}

/**
 * Finds the known class that a name probably means: one with nearly the same spelling (`hapy`), or the one with the longest
 * common beginning of at least three characters (`anger` for `angry`).
 */
export function nearestClass(name: string, known: readonly string[]): string | undefined {
  const candidates = known.map(comparableName);
  const typed = comparableName(name);
  const alike = suggest(typed, candidates);
  if (alike !== undefined) return known[candidates.indexOf(alike)];
  const lengths = candidates.map((candidate) => commonPrefix(typed, candidate));
  const longest = Math.max(0, ...lengths);
  return longest >= MIN_PREFIX ? known[lengths.indexOf(longest)] : undefined;
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
