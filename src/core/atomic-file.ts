import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';
import { makeFolder } from './make-folder.ts';

export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/**
 * Writes a file so that a reader, or a crash, sees the old content or the new and nothing between: a temporary file in
 * the same folder, synced, renamed over the target, and the folder synced. Missing folders are made. Content that
 * comes in parts is written as it comes; where the parts end with an error of ours, that is thrown.
 *
 * @throws EvopatchError `FILE_SYSTEM` where the folder cannot be written; the temporary file is removed.
 */
export async function writeFileAtomic(file: string, content: FileContent): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    await makeFolder(folder).catch((cause) => {
      throw fileSystemError('cannot write the file', file, cause);
    });
    const handle = await open(temporary, 'wx');
    try {
      await writeFile(handle, content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause instanceof EvopatchError ? cause : fileSystemError('cannot write the file', file, cause);
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
