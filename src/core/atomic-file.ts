import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';
import { makeFolder } from './make-folder.ts';

export type FileContent = string | Uint8Array | AsyncIterable<string | Uint8Array>;

const TEMPORARY = /^\..+\.[0-9a-f]{12}$/;

/**
 * Writes a file so that a reader, or a crash, sees the old content or the new and nothing between: a temporary file in
 * the same folder, synced, renamed over the target, and the folder synced. Missing folders are made. Content that
 * comes in parts is written as it comes; where the parts end with an error of ours, that is thrown.
 *
 * @param options.previous a file of the same folder that the old content moves to, in the moment before the new one comes
 * @throws EvopatchError `FILE_SYSTEM` where the folder cannot be written; the temporary file is removed.
 */
export async function writeFileAtomic(
  file: string,
  content: FileContent,
  { previous }: { readonly previous?: string } = {},
): Promise<void> {
  const folder = dirname(file);
  const temporary = temporaryName(file);
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
    if (previous !== undefined) await rename(file, previous).catch(ignoreMissing);
    await rename(temporary, file);
    await syncFolder(folder);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause instanceof EvopatchError ? cause : fileSystemError('cannot write the file', file, cause);
  }
}

/** A name beside a file that no other writer uses. */
export function temporaryName(file: string): string {
  return join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
}

/** Whether a file's name is that of a temporary file, left behind where a process was killed. */
export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
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
