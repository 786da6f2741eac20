import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileSystemError } from './file-system-error.ts';

/**
 * Makes a folder and its missing parents. It avoids `mkdir(…, { recursive: true })`, which never returns if a parent exists but
 * accepts no folders and reports ENOENT, as /proc does (Node 20).
 *
 * @throws EvopatchError `FILE_SYSTEM`
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let path = folder; !(await isFolder(path)); path = dirname(path)) missing.unshift(path);
  for (const path of missing) {
    await mkdir(path).catch((cause) => {
      if (cause.code !== 'EEXIST') throw fileSystemError('cannot make the folder', path, cause);
    });
  }
}

/** @throws EvopatchError `FILE_SYSTEM` if a part of the path is not a folder or may not be read */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fileSystemError('cannot look at the folder', path, cause);
  }
  throw fileSystemError('cannot make the folder', path, 'there is a file of this name');
}
