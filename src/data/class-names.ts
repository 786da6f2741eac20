import { suggest } from '../core/suggest.ts';

const MIN_PREFIX = 3;

/**
 * What is left of a class name without case, white space, invisible characters and the choice between equivalent forms of
 * Unicode (NFKC). Two names with the same are hardly meant to be two classes.
 */
export function comparableName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cc}\p{Cf}]/gu, '');
}

/** Class names that are equal except for case, white space and Unicode form, together; only where there are two or more. */
export function similarNames(classes: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of classes) {
    const key = comparableName(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].filter((names) => names.length > 1);
}

/**
 * The known class that a name most likely stands for: one that is written almost alike, as `hapy`, or the one that shares
 * the longest beginning of at least three characters, as `anger` for `angry`.
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
