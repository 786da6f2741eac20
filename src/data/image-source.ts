import { join } from 'node:path';
import { canonicalJson, contentHash } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { hashFile } from '../core/hash-file.ts';
import { mapInOrder } from '../core/map-in-order.ts';
import { decodePhoto } from '../images/decode-photo.ts';
import { checkClassCount, checkClassNames } from './class-names.ts';
import type { Split } from './dataset.ts';
import type { FaceSource, GroupValues, LabelledPicture, UnreadablePicture } from './face-source.ts';

/** An image that is known by its file and not decoded yet. */
export interface ListedImage {
  /** Where the file lies, links resolved; or why it cannot be read. */
  readonly path: string | EvopatchError;
  /** What a points file calls it: relative to the data folder, '/' between folders. */
  readonly file: string;
  /** Its row in the manifest from 0, where there is one. */
  readonly row?: number;
  readonly label: string;
  readonly split: Split;
  readonly subject?: number;
  readonly groups?: GroupValues;
}

/** Images that are read, decoded or hashed at a time. */
const AT_A_TIME = 8;
const FAULTS_OF_FILES = ['ENOENT', 'EACCES', 'EPERM', 'ENOTDIR', 'ELOOP'];

/**
 * Listed images as a source. The classes are the labels, sorted by code unit.
 *
 * @param name where the list came from.
 * @param root the folder that the files are relative to.
 * @param labelled whether the labels count; otherwise there may be any number of classes.
 * @throws EvopatchError `INVALID_DATA` for no class, more than 256 classes, or a name with control characters.
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
    pictures: () => mapInOrder(images, AT_A_TIME, decode),
    contentHash: (signal) => hashImages(images, signal),
    pathOf: (file) => (file === undefined ? name : join(root, file)),
  };
}

/** Whether it is the file that is at fault, rather than the system. */
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
  const hashed = mapInOrder(images, AT_A_TIME, async ({ path, file, label, split, subject, groups }) =>
    canonicalJson({ file, label, split, subject, groups, content: await hashOf(path, signal) }),
  );
  for await (const entry of hashed) entries.push(entry);
  return contentHash(entries);
}
