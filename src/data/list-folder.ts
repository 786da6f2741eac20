import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { openFile } from '../core/open-file.ts';
import { PICTURE_NAME, pictureFormat } from '../images/picture-formats.ts';
import { containedPath } from './contained-path.ts';

/** Names of files and folders that operating systems add. Names that begin with a dot are skipped too. */
const SYSTEM_NAMES = new Set([
  '__macosx',
  '@eadir',
  '#recycle',
  '$recycle.bin',
  'lost+found',
  'system volume information',
  'thumbs.db',
  'desktop.ini',
]);

/** Bytes of a file that identify its format. */
const START_BYTES = 64;

/** The content of a folder, each list sorted by code unit. */
export interface FolderContent {
  readonly folders: readonly string[];
  /** Files with the extension of a picture, and files without an extension that begin like a picture. */
  readonly pictures: readonly { readonly name: string; readonly path: string }[];
  /** Extensions of the other files, such as '.txt', with the number of files of each. */
  readonly others: Counts;
}

/** Number of items of each kind. */
export type Counts = ReadonlyMap<string, number>;

/**
 * Lists a folder below the root. Follows links that stay inside and skips the files that operating systems add.
 *
 * @param root the real path of the root.
 * @param folder relative to the root; '' or ending in '/'.
 * @throws EvopatchError `INVALID_DATA` for a link out of the root and for a folder or picture whose name is not UTF-8,
 * `FILE_SYSTEM`.
 */
export async function listFolder(root: string, folder: string): Promise<FolderContent> {
  const absolute = resolve(root, folder);
  const folders: string[] = [];
  const pictures: { name: string; path: string }[] = [];
  const others = new Map<string, number>();
  for (const entry of await read(absolute)) {
    const name = nameOf(entry.name, absolute);
    if (isSystemName(name)) continue;
    const file = join(absolute, name);
    const path = entry.isSymbolicLink() ? await targetOf(root, folder + name, file) : file;
    if (path === undefined) {
      // a broken link, as of a picture that git-annex or DVC has not fetched, is a missing picture
      if (PICTURE_NAME.test(name)) pictures.push({ name, path: file });
      else count(others, 'broken link');
      continue;
    }
    const found = entry.isSymbolicLink() ? await statOf(path) : entry;
    if (found.isDirectory()) folders.push(name);
    else if (found.isFile() && (PICTURE_NAME.test(name) || (await isUnnamedPicture(path)))) {
      pictures.push({ name, path });
    } else count(others, found.isFile() ? extname(name).toLowerCase() || 'without ending' : 'special file');
  }
  return { folders: folders.sort(), pictures: pictures.sort(byName), others };
}

/** Tests whether a name is hidden or one that operating systems add. */
export function isSystemName(name: string): boolean {
  return name.startsWith('.') || SYSTEM_NAMES.has(name.toLowerCase());
}

/** Resolves a link; `undefined` for a broken one. */
async function targetOf(root: string, path: string, file: string): Promise<string | undefined> {
  return await containedPath(root, path, { file }).catch((error) => {
    if (error instanceof EvopatchError && error.cause !== undefined) return undefined;
    throw error;
  });
}

/** Adds to the count of a kind. */
export function count(counts: Map<string, number>, kind: string, more = 1): void {
  counts.set(kind, (counts.get(kind) ?? 0) + more);
}

/** Lists counts in words, in descending order: '28 .txt, 3 .mp4'. */
export function describeCounts(counts: Counts): string {
  const sorted = [...counts].sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1));
  return sorted.map(([kind, number]) => `${number} ${kind}`).join(', ');
}

/** Tests whether a file without an extension begins like a picture. */
async function isUnnamedPicture(path: string): Promise<boolean> {
  if (extname(path) !== '') return false;
  const handle = await openFile(path);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(START_BYTES), 0, START_BYTES, 0);
    return pictureFormat(buffer.subarray(0, bytesRead)) !== undefined;
  } finally {
    await handle.close();
  }
}

async function read(folder: string): Promise<Dirent<Buffer>[]> {
  return await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch((cause) => {
    throw fileSystemError('cannot read the folder', folder, cause);
  });
}

async function statOf(path: string) {
  return await stat(path).catch((cause) => {
    throw fileSystemError('cannot read the file', path, cause);
  });
}

function nameOf(bytes: Buffer, folder: string): string {
  const name = bytes.toString('utf8');
  if (Buffer.from(name).equals(bytes)) return name;
  const given = bytes.toString('latin1').replace(/[^\x20-\x7e]/g, '?');
  const hint = 'Rename it; convmv converts the names of whole folders.';
  throw new EvopatchError('INVALID_DATA', 'the name of a file is not UTF-8', { file: folder, given, hint });
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
