import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';
import { makeFolder } from './make-folder.ts';
import { realPath } from './real-path.ts';
import { temporaryName } from './temporary-file.ts';

export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/**
 * Writes a file so that a reader, or a crash, sees either the old content or the new one: it writes a temporary file in the same
 * folder, syncs it, renames it over the target and syncs the folder. It makes missing folders. A link still points to the file.
 * It writes content that comes in parts as the parts arrive, and throws their EvopatchError if they end with one. A device such
 * as /dev/null receives the content directly.
 *
 * @param options.previous a file in the same folder that receives the old content just before the new one replaces it
 * @throws EvopatchError `FILE_SYSTEM` if the folder cannot be written; it removes the temporary file.
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
  if (process.platform === 'win32') return; // Windows cannot open folders
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
