import type { Stats } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { findLeftovers } from './temporary-file.ts';

/** The kinds of files in a cache folder, by their names. */
const KINDS = {
  frames: /^frames\/[0-9a-f]{64}\.\w+$/,
  landmarks: /^landmarks\/[0-9a-f]{2}\/[0-9a-f]{64}\.bin$/,
  teachers: /^teachers\/[0-9a-f]{64}\.safetensors$/,
  evaluations: /^[0-9a-f]{2}\/[0-9a-f]{64}\.(json|safetensors)$/,
} as const;
export type CacheKind = keyof typeof KINDS | 'leftovers';

/** A file that evopatch caches, or that a killed process left behind. */
export interface CacheFile {
  readonly path: string;
  readonly kind: CacheKind;
  readonly bytes: number;
  /** Time of the last write, milliseconds since 1970. */
  readonly written: number;
}

/** Lists evopatch's files in a cache folder, the oldest first, and ignores files with other names. */
export async function cacheFiles(folder: string): Promise<CacheFile[]> {
  const leftovers = new Set((await findLeftovers(folder, { recursive: true })).map(({ file }) => file));
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files: CacheFile[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const kind = leftovers.has(path) ? 'leftovers' : kindOf(name.replaceAll(sep, '/'));
    if (kind === undefined) continue;
    const found: Stats | undefined = await stat(path).catch(() => undefined);
    if (found?.isFile()) files.push({ path, kind, bytes: found.size, written: found.mtimeMs });
  }
  return files.sort((a, b) => a.written - b.written);
}

export interface PruneLimits {
  /** Removes files written before this time, milliseconds since 1970. */
  readonly before?: number;
  /** Removes the oldest files until the rest has at most this many bytes. */
  readonly maxBytes?: number;
}

/** Selects the files to remove: leftovers of killed processes, and files beyond the limits. @param files the oldest first */
export function filesToPrune(files: readonly CacheFile[], limits: PruneLimits): CacheFile[] {
  const { before = Number.NEGATIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = limits;
  let left = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const goes = ({ kind, written, bytes }: CacheFile) => {
    const going = kind === 'leftovers' || written < before;
    if (going) left -= bytes;
    return going;
  };
  const going = new Set(files.filter(goes));
  for (const file of files) {
    if (left <= maxBytes) break;
    if (going.has(file)) continue;
    going.add(file);
    left -= file.bytes;
  }
  return files.filter((file) => going.has(file));
}

/** Removes files, except those that cannot be removed. @returns the removed files */
export async function removeFiles(files: readonly CacheFile[]): Promise<CacheFile[]> {
  const gone: CacheFile[] = [];
  for (const file of files) {
    await rm(file.path, { force: true }).then(
      () => gone.push(file),
      () => undefined,
    );
  }
  return gone;
}

function kindOf(name: string): CacheKind | undefined {
  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
  return kinds.find((kind) => KINDS[kind].test(name));
}
