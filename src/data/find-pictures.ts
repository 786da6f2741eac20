import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileSystemError } from '../core/file-system-error.ts';
import { PICTURE_NAME } from '../images/picture-formats.ts';
import { isSystemName } from './list-folder.ts';

/** The files in a folder and all folders below it. */
export interface FoundPictures {
  /** Paths relative to the folder, '/' between folders: the pictures of a folder by name, then those of its sub-folders. */
  readonly pictures: readonly string[];
  /** Files that are not pictures: how many there are of each file name extension. */
  readonly others: ReadonlyMap<string, number>;
}

/**
 * Finds the pictures in a folder and all folders below it. Skips hidden names and folders such as `__MACOSX`, and enters a folder
 * only once even if several links lead to it.
 *
 * @throws EvopatchError `FILE_SYSTEM` if a folder cannot be read.
 */
export async function findPicturesIn(folder: string): Promise<FoundPictures> {
  const pictures: string[] = [];
  const others = new Map<string, number>();
  const entered = new Set<string>();
  const enter = async (below: string): Promise<void> => {
    const path = join(folder, below);
    const folders: string[] = [];
    try {
      const real = await realpath(path);
      if (entered.has(real)) return;
      entered.add(real);
      for (const name of (await readdir(path)).sort()) {
        if (isSystemName(name)) continue;
        // A broken link counts as a picture, so that reading it reports the missing file.
        const found = await stat(join(path, name)).catch(() => undefined);
        if (found?.isDirectory()) folders.push(name);
        else if (PICTURE_NAME.test(name)) pictures.push(below + name);
        else others.set(extname(name).toLowerCase(), (others.get(extname(name).toLowerCase()) ?? 0) + 1);
      }
    } catch (cause) {
      throw fileSystemError('cannot read the folder', path, cause);
    }
    for (const name of folders) await enter(`${below}${name}/`);
  };
  await enter('');
  return { pictures, others };
}
