import { join } from 'node:path';
import { canonicalJson } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { contentHash } from '../core/hash.ts';
import { hashFile } from '../core/hash-file.ts';
import { mapInOrder } from '../core/map-in-order.ts';
import { decodePhoto } from '../images/decode-photo.ts';
import { checkClassCount, checkClassNames } from './class-names.ts';
import type { Split } from './dataset.ts';
import type { FaceSource, GroupValues, LabelledPicture, UnreadablePicture } from './face-source.ts';

/** An image file that is not decoded yet. */
export interface ListedImage {
  /** The real path of the file, or why it cannot be read. */
  readonly path: string | EvopatchError;
  /** Its name in a points file: relative to the data folder, '/' between folders. */
  readonly file: string;
  /** Its zero-based row in the manifest, if there is one. */
  readonly row?: number;
  readonly label: string;
  readonly split: Split;
  readonly subject?: number;
  readonly groups?: GroupValues;
}

/** Images to read, decode or hash concurrently. */
const MAX_CONCURRENT = 8;
const FAULTS_OF_FILES = ['ENOENT', 'EACCES', 'EPERM', 'ENOTDIR', 'ELOOP'];

/**
 * Listed images as a source. The classes are the labels, sorted by code unit.
 *
 * @param name the source of the list
 * @param root the folder that the files are relative to.
 * @param labelled whether the labels count; otherwise there may be any number of classes.
 * @throws EvopatchError `INVALID_DATA` without classes, for more than 256, or a name with control characters.
 */
export function imageSource(
  name: string,
  root: string,
  images: readonly ListedImage[],
  labelled = true,
): FaceSource {
  const classes = [...new Set(images.map(({ label }) => label))].sort();
  if (labelled) checkClassCount(name, classes);
  checkClassNames(name, classes);
  const decode = async (image: ListedImage): Promise<LabelledPicture | UnreadablePicture> => {
    const { path, ...known } = image;
    if (path instanceof EvopatchError) return { error: path };
    try {
      return { ...known, picture: await decodePhoto(path) };
    } catch (error) {
      if (isUnreadable(error)) return { file: image.file, error };
      throw error;
    }
  };
  return {
    name,
    classes,
    total: images.length,
    key: 'file',
    pictures: () => mapInOrder(images, MAX_CONCURRENT, decode),
    contentHash: (signal) => hashImages(images, signal),
    pathOf: (file) => (file === undefined ? name : join(root, file)),
  };
}

/** Tests whether the file, not the system, is at fault. */
export function isUnreadable(error: unknown): error is EvopatchError {
  if (!(error instanceof EvopatchError)) return false;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return error.code !== 'FILE_SYSTEM' || code === undefined || FAULTS_OF_FILES.includes(code);
}

async function hashOf(path: string | EvopatchError, signal: AbortSignal | undefined): Promise<string> {
  if (path instanceof EvopatchError) return path.problem;
  return await hashFile(path, signal).catch((error) => {
    if (error instanceof EvopatchError && error.code !== 'ABORTED' && isUnreadable(error))
      return error.problem;
    throw error;
  });
}

async function hashImages(images: readonly ListedImage[], signal: AbortSignal | undefined): Promise<string> {
  const entries: string[] = [];
  const hashed = mapInOrder(images, MAX_CONCURRENT, async ({ path, file, label, split, subject, groups }) =>
    canonicalJson({ file, label, split, subject, groups, content: await hashOf(path, signal) }),
  );
  for await (const entry of hashed) entries.push(entry);
  return contentHash(entries);
}
