import { realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { type ErrorData, EvopatchError } from '../core/errors.ts';

/**
 * Resolves a path that a file of the data names: relative to a folder, with slashes or backslashes, or absolute. The path may not
 * leave the folder, neither by `..` nor by a symbolic link. If no file has the name as written, the function tries its other
 * Unicode forms (macOS decomposes names).
 *
 * @param root the real path of the folder
 * @param where data for the error
 * @returns the real path
 * @throws EvopatchError `INVALID_DATA` for a path that leaves the folder, or, with a cause, that does not exist.
 */
export async function containedPath(root: string, path: string, where: ErrorData): Promise<string> {
  const hint = 'Paths are relative to the data folder, or absolute, and stay within it.';
  const data: ErrorData = { given: path, hint, ...where };
  const climbs = path.split(/[\\/]/).includes('..');
  if (path === '' || path.includes('\0') || /^([A-Za-z]:|\\)/.test(path) || climbs) {
    throw new EvopatchError('INVALID_DATA', 'the path leaves the data folder', data);
  }
  const absolute = isAbsolute(path) ? path : join(root, path.replaceAll('\\', '/'));
  const real = await findReal([absolute, absolute.normalize('NFC'), absolute.normalize('NFD')]).catch(
    (cause) => {
      throw new EvopatchError('INVALID_DATA', 'there is no such file', data, cause);
    },
  );
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) {
    const problem = isAbsolute(path)
      ? 'the path leaves the data folder'
      : 'a link leads out of the data folder';
    throw new EvopatchError('INVALID_DATA', problem, data);
  }
  return real;
}

/** Finds the real path of the first name that exists. @throws Error that of the first name */
async function findReal([name, ...others]: readonly string[]): Promise<string> {
  return await realpath(name).catch(async (cause) => {
    for (const other of others) {
      const found = other === name ? undefined : await realpath(other).catch(() => undefined);
      if (found !== undefined) return found;
    }
    throw cause;
  });
}
