import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ANIMATION_FORMATS } from '../charts/encode-animation.ts';
import { EvopatchError } from '../core/errors.ts';
import { isPipe } from '../core/pipe.ts';
import { findPicturesIn } from '../data/find-pictures.ts';
import { isAnimation } from '../images/animation.ts';
import { PICTURE_FORMAT_NAMES } from '../images/picture-formats.ts';
import { formatOf } from '../maps/map-file.ts';
import { DrawingNames } from './drawing-names.ts';
import { DRAWING_FORMS } from './output-forms.ts';

const CSV_NAME = /\.[ct]sv(\.gz)?$/i;

/** The photos of a command line. */
export interface PhotoFiles {
  /** Each of them once. */
  readonly files: readonly string[];
  /** Whether one photo was named, and not a folder. */
  readonly single: boolean;
  /** What the drawing of a photo from a folder is named after, where that is not its name alone: its path in the folder. */
  readonly below?: ReadonlyMap<string, string>;
  /** Those of the files that are animations; none where they were not asked for. */
  readonly animations?: ReadonlySet<string>;
  /** Those of the files that are csvs of pixels, with a face in each row; likewise. */
  readonly csvs?: ReadonlySet<string>;
}

/**
 * The photos that some paths stand for, in their order: files, and of folders the photos by name, also in folders below.
 * A path without anything is taken for a photo, so that what reads it can say so.
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

/** Photos, animations and csvs of pixels, likewise. */
export async function findPictures(paths: readonly string[]): Promise<PhotoFiles> {
  const found = await findPhotos(paths);
  const csvs = new Set(found.files.filter((file) => CSV_NAME.test(file) || isPipe(file)));
  const animations = new Set<string>();
  for (const file of found.files) if (!csvs.has(file) && (await isAnimation(file))) animations.add(file);
  return { ...found, animations, csvs };
}

/**
 * Photos of one folder in a row belong together, as the frames of one stream.
 *
 * @param single files that are a group of their own
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
 * Where the drawing of each photo goes: of a single one to `target`, of several into the folder `target`;
 * there no drawing takes the place of a photo or of a file that is no drawing. Drawings of animations are animations of
 * the same format.
 *
 * @param endings what a single photo can be drawn as
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
  const held = endings.length === 0 ? '' : `; the folder holds ${endings.join(', ')}`;
  const hint = `Photos are ${PICTURE_FORMAT_NAMES}${held}.`;
  throw new EvopatchError('INVALID_DATA', 'there are no photos in the folder', { file: folder, hint });
}

function animatedEnding(file: string): string {
  return extname(file).toLowerCase() === '.webp' ? '.webp' : '.gif';
}
