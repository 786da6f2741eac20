import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';
import { makeFolder } from './make-folder.ts';
import { realPath } from './real-path.ts';
import { temporaryName } from './temporary-file.ts';

export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/**
 * Writes a file so that a reader, or a crash, sees the old content or the new and nothing between: a temporary file in
 * the same folder, synced, renamed over the target, and the folder synced. Missing folders are made. A link keeps
 * pointing to the file that is written. Content that comes in parts is written as it comes; where the parts end with an
 * error of ours, that is thrown. A device such as /dev/null takes the content as it is.
 *
 * @param options.previous a file of the same folder that the old content moves to, in the moment before the new one comes
 * @throws EvopatchError `FILE_SYSTEM` where the folder cannot be written; the temporary file is removed.
 */
export async function writeFileAtomic(
  file: string,
  content: FileContent,
  { previous }: { readonly previous?: string } = {},
): Promise<void> {
  const target = await realPath(file);
  const folder = dirname(target);
  const temporary = temporaryName(target);
  try {
    await makeFolder(folder).catch((cause) => {
      throw fileSystemError('cannot write the file', file, cause);
    });
    if (await isDevice(target)) return await writeFile(target, content);
    const handle = await open(temporary, 'wx');
    try {
      await writeFile(handle, content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (previous !== undefined) await rename(target, previous).catch(ignoreMissing);
    await rename(temporary, target);
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause instanceof EvopatchError ? cause : fileSystemError('cannot write the file', file, cause);
  }
}

async function isDevice(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isCharacterDevice() === true;
}

function ignoreMissing(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause;
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
