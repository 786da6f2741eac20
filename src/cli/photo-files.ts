import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ANIMATION_FORMATS } from '../charts/encode-animation.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { makeFolder } from '../core/make-folder.ts';
import { isAnimation } from '../images/animation.ts';
import { PICTURE_FORMAT_NAMES, PICTURE_NAME } from '../images/picture-formats.ts';
import { formatOf } from '../maps/map-file.ts';

/** The photos of a command line. */
export interface PhotoFiles {
  readonly files: readonly string[];
  /** Whether one photo was named, and not a folder. */
  readonly single: boolean;
  /** Those of the files that are animations; none where they were not asked for. */
  readonly animations?: ReadonlySet<string>;
}

/**
 * The photos that some paths stand for, in their order: files, and of folders the photos by name, hidden ones left out.
 *
 * @throws EvopatchError `FILE_SYSTEM` where there is no such path, `INVALID_DATA` for a folder without photos.
 */
export async function findPhotos(paths: readonly string[]): Promise<PhotoFiles> {
  return await findFiles(paths);
}

/** Photos and animations, likewise. */
export async function findPictures(paths: readonly string[]): Promise<PhotoFiles> {
  const found = await findFiles(paths);
  const animations = new Set<string>();
  for (const file of found.files) if (await isAnimation(file)) animations.add(file);
  return { ...found, animations };
}

async function findFiles(paths: readonly string[]): Promise<PhotoFiles> {
  const found = await Promise.all(
    paths.map(async (path) => ((await isFolder(path)) ? await photosIn(path) : path)),
  );
  return { files: found.flat(), single: found.length === 1 && typeof found[0] === 'string' };
}

/** Photos of one folder in a row belong together, as the frames of one stream; an animation is a stream of its own. */
export function groupByFolder(files: readonly string[], animations?: ReadonlySet<string>): string[][] {
  const groups: string[][] = [];
  for (const file of files) {
    const group = groups.at(-1);
    const alone = animations?.has(file) || (group && animations?.has(group[0]));
    if (group && !alone && dirname(group[0]) === dirname(file)) group.push(file);
    else groups.push([file]);
  }
  return groups;
}

/**
 * Where the drawing of each photo goes: of a single one to `target`, of several into the folder `target`, which is made.
 * Drawings of animations are animations of the same format.
 *
 * @throws EvopatchError `INVALID_OPTION` where a drawing would take the place of a photo or that of a single animation has
 * a name of no known format, `FILE_SYSTEM`.
 */
export async function planDrawings(
  { files, single, animations }: PhotoFiles,
  target: string,
): Promise<ReadonlyMap<string, string>> {
  const taken = new Set<string>();
  const drawings = new Map<string, string>();
  if (single && animations?.has(files[0])) formatOf(target, ANIMATION_FORMATS);
  for (const file of files) {
    const ending = animations?.has(file) ? animatedEnding(file) : '.png';
    const drawing = single ? target : freeName(join(target, basename(file, extname(file))), ending, taken);
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
  const photos = names.filter((name) => PICTURE_NAME.test(name) && !name.startsWith('.')).sort();
  if (photos.length > 0) return photos.map((name) => join(folder, name));
  const hint = `Photos are ${PICTURE_FORMAT_NAMES}; folders below are not searched.`;
  throw new EvopatchError('INVALID_DATA', 'there are no photos in the folder', { file: folder, hint });
}

function animatedEnding(file: string): string {
  return extname(file).toLowerCase() === '.webp' ? '.webp' : '.gif';
}

/** `name.png`, else `name-2.png`, `name-3.png` and so on. */
function freeName(name: string, ending: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const file = `${name}${number === 1 ? '' : `-${number}`}${ending}`;
    if (!taken.has(file)) return file;
  }
}
