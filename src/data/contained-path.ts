import { realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { type ErrorData, EvopatchError } from '../core/errors.ts';

/**
 * The real place of a path that somebody wrote down relative to a folder, which it may not leave: not by being
 * absolute, not by `..`, and not by a symbolic link.
 *
 * @param root the real path of the folder.
 * @param where what the error shall name.
 * @throws EvopatchError `INVALID_DATA` for a path that leaves the folder or leads nowhere.
 */
export async function containedPath(root: string, path: string, where: ErrorData): Promise<string> {
  const hint = 'Paths are relative to the data folder and stay within it.';
  const data: ErrorData = { given: path, hint, ...where };
  const climbs = path.split(/[\\/]/).includes('..');
  if (path === '' || path.includes('\0') || isAbsolute(path) || /^([A-Za-z]:|\\)/.test(path) || climbs) {
    throw new EvopatchError('INVALID_DATA', 'the path leaves the data folder', data);
  }
  let real: string;
  try {
    real = await realpath(join(root, path));
  } catch (cause) {
    throw new EvopatchError('INVALID_DATA', 'there is no such file', data, cause);
  }
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new EvopatchError('INVALID_DATA', 'a link leads out of the data folder', data);
  }
  return real;
}
