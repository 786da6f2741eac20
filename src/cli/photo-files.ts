import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { ANIMATION_FORMATS } from '../charts/encode-animation.ts';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { isAnimation } from '../images/animation.ts';
import { PICTURE_FORMAT_NAMES, PICTURE_NAME } from '../images/picture-formats.ts';
import { formatOf } from '../maps/map-file.ts';
import { DrawingNames } from './drawing-names.ts';
import { DRAWING_FORMS } from './output-forms.ts';

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
 * Where the drawing of each photo goes: of a single one to `target`, of several into the folder `target`;
 * there no drawing takes the place of a photo or of a file that is no drawing. Drawings of animations are animations of
 * the same format.
 *
 * @param endings what a single photo can be drawn as
 * @throws EvopatchError `INVALID_OPTION` where a single drawing has a name of no format that it can have, `FILE_SYSTEM`.
 */
export async function planDrawings(
  { files, single, animations }: PhotoFiles,
  target: string,
  endings: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (single) {
    const [file] = files;
    formatOf(target, animations?.has(file) ? ANIMATION_FORMATS : endings);
    return new Map([[file, target]]);
  }
  const names = new DrawingNames(DRAWING_FORMS, files);
  const drawings = new Map<string, string>();
  for (const file of files) {
    const ending = animations?.has(file) ? animatedEnding(file) : '.png';
    drawings.set(file, await names.take(join(target, basename(file, extname(file))), ending));
  }
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
