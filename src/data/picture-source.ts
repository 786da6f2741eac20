import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EvopatchError } from '../core/errors.ts';
import { PICTURE_FORMAT_NAMES, PICTURE_NAME } from '../images/picture-formats.ts';
import type { FaceSource } from './face-source.ts';
import { findPicturesIn } from './find-pictures.ts';
import { imageSource } from './image-source.ts';
import { openSource } from './load-dataset.ts';
import type { LoadOptions } from './load-options.ts';

/**
 * Opens pictures without regard to labels: one photo, all photos of a folder and its sub-folders, or the pictures of a csv.
 *
 * @throws EvopatchError `INVALID_DATA`, `FILE_SYSTEM`, `ABORTED`.
 */
export async function openPictures(path: string, options: LoadOptions = {}): Promise<FaceSource> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory();
  if (!isFolder) {
    return PICTURE_NAME.test(path)
      ? unlabelled(path, dirname(path), [basename(path)])
      : await openSource(path, options, false);
  }
  const { pictures } = await findPicturesIn(path);
  if (pictures.length > 0) return unlabelled(path, path, pictures);
  const hint = `Pictures are ${PICTURE_FORMAT_NAMES}.`;
  throw new EvopatchError('INVALID_DATA', 'there are no pictures in the folder', { file: path, hint });
}

function unlabelled(name: string, root: string, files: readonly string[]): FaceSource {
  const images = files.map((file) => ({
    path: join(root, file),
    file,
    label: '',
    split: 'train' as const,
  }));
  return imageSource(name, root, images, false);
}
