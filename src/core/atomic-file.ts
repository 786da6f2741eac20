import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileSystemError } from './file-system-error.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Writes a file so that a reader, or a crash, sees the old content or the new and nothing between: a temporary file in
 * the same folder, synced, renamed over the target, and the folder synced. Missing folders are made.
 *
 * @throws EvopatchError `FILE_SYSTEM` where the folder cannot be written; the temporary file is removed.
 */
export async function writeFileAtomic(file: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    await makeFolder(folder);
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileSystemError('cannot write the file', file, cause);
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
