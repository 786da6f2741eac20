import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { EvopatchError } from './errors.ts';
import { fileSystemError } from './file-system-error.ts';

/** Opening a pipe without a writer would block for ever; Windows has neither such pipes nor the flag. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const GIBIBYTE = 2 ** 30;

/**
 * Opens a regular file for reading. It refuses folders, pipes, devices and sockets after opening, so that it reads the file that
 * it checked and never blocks or reads without end. The caller closes the handle.
 *
 * @param problem the message for a file that cannot be opened, such as 'cannot read the picture'
 * @throws EvopatchError `FILE_SYSTEM`.
 */
export async function openFile(file: string, problem = 'cannot read the file'): Promise<FileHandle> {
  const handle = await open(file, READ).catch(async (cause) => {
    const found = await stat(file).catch(() => undefined);
    throw found && !found.isFile() ? notRegular(file, problem, found) : fileSystemError(problem, file, cause);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw notRegular(file, problem, found);
    return handle;
  } catch (cause) {
    await handle.close();
    throw cause instanceof EvopatchError ? cause : fileSystemError(problem, file, cause);
  }
}

export interface WholeFileOptions {
  /** The message for a file that cannot be read. */
  readonly problem?: string;
  /** @defaultValue 1 GiB */
  readonly maxBytes?: number;
}

/**
 * Reads the bytes of a regular file.
 *
 * @throws EvopatchError `FILE_SYSTEM` if it cannot be read, `INVALID_DATA` if it is larger than allowed.
 */
export async function readWholeFile(
  file: string,
  { problem = 'cannot read the file', maxBytes = GIBIBYTE }: WholeFileOptions = {},
): Promise<Buffer> {
  const handle = await openFile(file, problem);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) {
      const hint = `It may have ${maxBytes} bytes. Is it the right file?`;
      throw new EvopatchError('INVALID_DATA', 'the file is too large', {
        file,
        given: `${size} bytes`,
        hint,
      });
    }
    return await handle.readFile();
  } catch (cause) {
    throw cause instanceof EvopatchError ? cause : fileSystemError(problem, file, cause);
  } finally {
    await handle.close();
  }
}

/** Tests whether an error of this file's functions means that the file does not exist. */
export function isMissing(error: unknown): boolean {
  const { cause } = error as { cause?: NodeJS.ErrnoException };
  return cause?.code === 'ENOENT';
}

function notRegular(file: string, problem: string, found: Stats): EvopatchError {
  const kind = kindOf(found);
  const hint = kind === 'folder' ? 'Give a file.' : 'Write its content to a file first.';
  return new EvopatchError('FILE_SYSTEM', `${problem}: it is a ${kind}, not a regular file`, { file, hint });
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'folder';
  if (found.isFIFO()) return 'pipe';
  return found.isSocket() ? 'socket' : 'device';
}
