import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ANIMATION_FORMATS } from '../../charts/encode-animation.ts';
import { EvopatchError } from '../../core/errors.ts';
import { isPipe } from '../../core/pipe.ts';
import { findPicturesIn } from '../../data/find-pictures.ts';
import { isAnimation } from '../../images/animation.ts';
import { PICTURE_FORMAT_NAMES } from '../../images/picture-formats.ts';
import { formatOf } from '../../maps/map-file.ts';
import { DrawingNames } from '../outputs/drawing-names.ts';
import { DRAWING_FORMS } from '../outputs/output-forms.ts';

const CSV_NAME = /\.[ct]sv(\.gz)?$/i;

/** The photos of a command line. */
export interface PhotoFiles {
  /** Each of them once. */
  readonly files: readonly string[];
  /** Whether a single photo was named, not a folder. */
  readonly single: boolean;
  /** The path of a photo within the folder that was named, after which its drawing is named. */
  readonly below?: ReadonlyMap<string, string>;
  /** The files that are animations, from `findPictures`. */
  readonly animations?: ReadonlySet<string>;
  /** The files that are csvs of pixels, with a face in each row, from `findPictures`. */
  readonly csvs?: ReadonlySet<string>;
}

/**
 * Finds the photos that paths name, in order: files, and the photos of folders by name, including sub-folders. A path where
 * nothing exists counts as a photo, so that reading it reports the error.
 *
 * @throws EvopatchError `INVALID_DATA` for a folder without photos, `FILE_SYSTEM` where it cannot be read.
 */
export async function findPhotos(paths: readonly string[]): Promise<PhotoFiles> {
  const files = new Map<string, string>();
  const below = new Map<string, string>();
  let folders = 0;
  const add = (file: string) => {
    if (!files.has(resolve(file))) files.set(resolve(file), file);
  };
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory();
    if (!isFolder) {
      add(path);
      continue;
    }
    folders++;
    for (const picture of await photosIn(path)) {
      const file = join(path, picture);
      add(file);
      below.set(file, picture);
    }
  }
  return { files: [...files.values()], single: folders === 0 && files.size === 1, below };
}

/** Finds photos, animations and csvs of pixels in the same way. */
export async function findPictures(paths: readonly string[]): Promise<PhotoFiles> {
  const found = await findPhotos(paths);
  const csvs = new Set(found.files.filter((file) => CSV_NAME.test(file) || isPipe(file)));
  const animations = new Set<string>();
  for (const file of found.files) if (!csvs.has(file) && (await isAnimation(file))) animations.add(file);
  return { ...found, animations, csvs };
}

/**
 * Groups consecutive photos of one folder, which are the frames of one stream.
 *
 * @param single files that form their own groups
 */
export function groupByFolder(files: readonly string[], single?: ReadonlySet<string>): string[][] {
  const groups: string[][] = [];
  for (const file of files) {
    const group = groups.at(-1);
    const alone = single?.has(file) || (group && single?.has(group[0]));
    if (group && !alone && dirname(group[0]) === dirname(file)) group.push(file);
    else groups.push([file]);
  }
  return groups;
}

/**
 * Chooses the file for the drawing of each photo: `target` for a single photo, else files in the folder `target`, where no
 * drawing replaces a photo or a file that is no drawing. Drawings of animations are animations of the same format.
 *
 * @param endings of the formats for a single photo
 * @throws EvopatchError `INVALID_OPTION` where a single drawing has a name of no format that it can have, `FILE_SYSTEM`.
 */
export async function planDrawings(
  { files, single, below, animations }: PhotoFiles,
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
    const name = below?.get(file) ?? basename(file);
    drawings.set(
      file,
      await names.take(join(target, name.slice(0, name.length - extname(name).length)), ending),
    );
  }
  return drawings;
}

async function photosIn(folder: string): Promise<readonly string[]> {
  const { pictures, others } = await findPicturesIn(folder);
  if (pictures.length > 0) return pictures;
  const endings = [...others.keys()].filter((ending) => ending !== '').slice(0, 5);
  const held = endings.length === 0 ? '' : `; the folder contains ${endings.join(', ')}`;
  const hint = `Photos are ${PICTURE_FORMAT_NAMES}${held}.`;
  throw new EvopatchError('INVALID_DATA', 'there are no photos in the folder', { file: folder, hint });
}

function animatedEnding(file: string): string {
  return extname(file).toLowerCase() === '.webp' ? '.webp' : '.gif';
}
