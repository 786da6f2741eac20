import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { makeFolder } from '../core/make-folder.ts';
import { PHOTO_NAME } from '../images/decode-photo.ts';

/** The photos of a command line. */
export interface PhotoFiles {
  readonly files: readonly string[];
  /** Whether one photo was named, and not a folder. */
  readonly single: boolean;
}

/**
 * The photos that some paths stand for, in their order: files, and of folders the photos by name, hidden ones left out.
 *
 * @throws EvopatchError `FILE_SYSTEM` where there is no such path, `INVALID_DATA` for a folder without photos.
 */
export async function findPhotos(paths: readonly string[]): Promise<PhotoFiles> {
  const found = await Promise.all(
    paths.map(async (path) => ((await isFolder(path)) ? await photosIn(path) : path)),
  );
  return { files: found.flat(), single: found.length === 1 && typeof found[0] === 'string' };
}

/** Photos of one folder in a row belong together, as the frames of one stream. */
export function groupByFolder(files: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const file of files) {
    const group = groups.at(-1);
    if (group && dirname(group[0]) === dirname(file)) group.push(file);
    else groups.push([file]);
  }
  return groups;
}

/**
 * Where the drawing of each photo goes: of a single one to `target`, of several into the folder `target`, which is made.
 *
 * @throws EvopatchError `INVALID_OPTION` where a drawing would take the place of a photo, `FILE_SYSTEM`.
 */
export async function planDrawings(
  { files, single }: PhotoFiles,
  target: string,
): Promise<ReadonlyMap<string, string>> {
  const taken = new Set<string>();
  const drawings = new Map<string, string>();
  for (const file of files) {
    const drawing = single ? target : freeName(join(target, basename(file, extname(file))), taken);
    taken.add(drawing);
    drawings.set(file, drawing);
  }
  const photos = new Set(files.map((file) => resolve(file)));
  const clash = [...drawings.values()].find((drawing) => photos.has(resolve(drawing)));
  if (clash !== undefined) {
    const hint = single ? 'Choose another name.' : 'Choose another folder.';
    throw new EvopatchError('INVALID_OPTION', 'a drawing would take the place of a photo', {
      option: '--draw',
      given: clash,
      hint,
    });
  }
  if (!single) await makeFolder(target);
  return drawings;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw fileSystemError('cannot read the photo', path, cause);
  }
}

async function photosIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause) => {
    throw fileSystemError('cannot read the folder', folder, cause);
  });
  const photos = names.filter((name) => PHOTO_NAME.test(name) && !name.startsWith('.')).sort();
  if (photos.length > 0) return photos.map((name) => join(folder, name));
  const hint = 'Photos are PNG, JPEG or WebP; folders below are not searched.';
  throw new EvopatchError('INVALID_DATA', 'there are no photos in the folder', { file: folder, hint });
}

/** `name.png`, else `name-2.png`, `name-3.png` and so on. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const file = `${name}${number === 1 ? '' : `-${number}`}.png`;
    if (!taken.has(file)) return file;
  }
}
