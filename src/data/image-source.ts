import { join } from 'node:path';
import { canonicalJson, contentHash } from '../core/canonical-json.ts';
import { EvopatchError } from '../core/errors.ts';
import { hashFile } from '../core/hash-file.ts';
import { mapInOrder } from '../core/map-in-order.ts';
import { decodePhoto } from '../images/decode-photo.ts';
import type { Split } from './dataset.ts';
import type { FaceSource, GroupValues, LabelledPicture, UnreadablePicture } from './face-source.ts';

/** An image that is known by its file and not decoded yet. */
export interface ListedImage {
  /** Where the file lies, links resolved. */
  readonly path: string;
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
const MOST_CLASSES = 256;

/**
 * Listed images as a source. The classes are the labels, sorted by code unit.
 *
 * @param name where the list came from.
 * @param root the folder that the files are relative to.
 * @throws EvopatchError `INVALID_DATA` for no class or more than 256 classes.
 */
export function imageSource(name: string, root: string, images: readonly ListedImage[]): FaceSource {
  const classes = [...new Set(images.map(({ label }) => label))].sort();
  if (classes.length === 0 || classes.length > MOST_CLASSES) {
    const hint = `A data set has 1 to ${MOST_CLASSES} classes.`;
    const data = { file: name, given: `${classes.length} classes`, hint };
    throw new EvopatchError('INVALID_DATA', 'too few or too many classes', data);
  }
  const decode = async (image: ListedImage): Promise<LabelledPicture | UnreadablePicture> => {
    const { path, ...known } = image;
    try {
      return { ...known, picture: await decodePhoto(path) };
    } catch (error) {
      if (error instanceof EvopatchError && error.code === 'INVALID_IMAGE')
        return { file: image.file, error };
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

async function hashImages(images: readonly ListedImage[], signal: AbortSignal | undefined): Promise<string> {
  const entries: string[] = [];
  const hashed = mapInOrder(images, AT_A_TIME, async ({ path, file, label, split, subject, groups }) =>
    canonicalJson({ file, label, split, subject, groups, content: await hashFile(path, signal) }),
  );
  for await (const entry of hashed) entries.push(entry);
  return contentHash(entries);
}
