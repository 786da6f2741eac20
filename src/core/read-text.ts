import { EvopatchError } from './errors.ts';
import { binaryKind } from './file-kind.ts';
import { readWholeFile, type WholeFileOptions } from './open-file.ts';
import { decodeText } from './text-encoding.ts';

/**
 * Reads the text of a regular file: UTF-8, or UTF-16 with a byte order mark.
 *
 * @throws EvopatchError `FILE_SYSTEM` if it cannot be read, `INVALID_DATA` if it is too large or not such a text.
 */
export async function readTextFile(file: string, options?: WholeFileOptions): Promise<string> {
  const bytes = await readWholeFile(file, options);
  const kind = binaryKind(bytes);
  if (kind === undefined) return decodeText(bytes, file);
  throw new EvopatchError('INVALID_DATA', `this is ${kind.name}, not a text`, { file, hint: kind.hint });
}
