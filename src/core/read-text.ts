import { readWholeFile, type WholeFileOptions } from './open-file.ts';
import { decodeText } from './text-encoding.ts';

/**
 * The text of a regular file: UTF-8, or UTF-16 with a byte order mark.
 *
 * @throws EvopatchError `FILE_SYSTEM` where it cannot be read, `INVALID_DATA` where it is too large or no such text.
 */
export async function readTextFile(file: string, options?: WholeFileOptions): Promise<string> {
  return decodeText(await readWholeFile(file, options), file);
}
