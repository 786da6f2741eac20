import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import { PICTURE_FORMAT_NAMES, PICTURE_NAME } from '../images/picture-formats.ts';
import { containedPath } from './contained-path.ts';
import { type Dataset, SPLITS, type Split } from './dataset.ts';
import type { FaceSource } from './face-source.ts';
import { imageSource, type ListedImage } from './image-source.ts';
import { type LoadOptions, parseLoadOptions } from './load-options.ts';
import { loadSource } from './load-source.ts';

const LAYOUT =
  'The folder holds CLASS/*.png|jpg|jpeg|webp, or train|validation|test/CLASS/*.png|jpg|jpeg|webp.';

/**
 * Loads a folder of images: `CLASS/*.png|jpg|jpeg|webp`, or the same below folders named train, validation and test. Classes
 * and files are sorted by code unit; hidden files and files of other kinds are passed over. Links may not lead out of
 * the folder.
 *
 * @throws EvopatchError `INVALID_DATA` for an empty class or another layout; `INVALID_IMAGE`; `INVALID_OPTION`;
 * `FILE_SYSTEM`; `ABORTED`.
 */
export async function loadImageFolder(folder: string, options: LoadOptions = {}): Promise<Dataset> {
  const settings = parseLoadOptions(options);
  return await loadSource(await imageFolderSource(folder), settings);
}

/** The images of a folder. @throws EvopatchError `INVALID_DATA`, `FILE_SYSTEM`. */
export async function imageFolderSource(folder: string): Promise<FaceSource> {
  const root = await realpath(folder).catch((cause) => {
    throw fileSystemError('cannot read the folder', folder, cause);
  });
  const top = (await list(root, '')).folders;
  const splits = SPLITS.filter((split) => top.includes(split));
  const stranger = top.find((name) => !(splits as readonly string[]).includes(name));
  if (splits.length > 0 && stranger !== undefined) {
    const data = { file: join(folder, stranger), hint: LAYOUT };
    throw new EvopatchError(
      'INVALID_DATA',
      'neither train, validation nor test, as its neighbours are',
      data,
    );
  }
  const images: ListedImage[] = [];
  for (const split of splits) images.push(...(await listClasses(root, `${split}/`, split)));
  if (splits.length === 0) images.push(...(await listClasses(root, '', 'train')));
  return imageSource(folder, root, images);
}

async function listClasses(root: string, prefix: string, split: Split): Promise<ListedImage[]> {
  const classes = (await list(root, prefix)).folders;
  if (classes.length === 0) {
    throw new EvopatchError('INVALID_DATA', 'no class folders', { file: join(root, prefix), hint: LAYOUT });
  }
  const images: ListedImage[] = [];
  for (const label of classes) {
    const files = (await list(root, `${prefix}${label}/`)).files.filter((name) => PICTURE_NAME.test(name));
    if (files.length === 0) {
      const hint = `Put ${PICTURE_FORMAT_NAMES} files into it.`;
      throw new EvopatchError('INVALID_DATA', 'the class is empty', {
        file: join(root, prefix, label),
        hint,
      });
    }
    for (const name of files) {
      const file = `${prefix}${label}/${name}`;
      images.push({ path: await containedPath(root, file, { file: join(root, file) }), file, label, split });
    }
  }
  return images;
}

/** What lies in a folder below the root, links followed as long as they stay inside; hidden names left out. */
async function list(root: string, folder: string): Promise<{ folders: string[]; files: string[] }> {
  const found = { folders: [] as string[], files: [] as string[] };
  try {
    for (const entry of (await readdir(join(root, folder))).sort()) {
      if (entry.startsWith('.')) continue;
      const path = await containedPath(root, folder + entry, { file: join(root, folder, entry) });
      if ((await stat(path)).isDirectory()) found.folders.push(entry);
      else found.files.push(entry);
    }
  } catch (cause) {
    if (cause instanceof EvopatchError) throw cause;
    throw fileSystemError('cannot read the folder', join(root, folder), cause);
  }
  return found;
}
