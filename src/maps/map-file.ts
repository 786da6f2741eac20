import { extname } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { EvopatchError } from '../core/errors.ts';

/**
 * Derives the format of a file from the ending of its name.
 *
 * @throws EvopatchError `INVALID_OPTION` if it is none of `formats`.
 */
export function formatOf<Format extends string>(file: string, formats: readonly Format[]): Format {
  const ending = extname(file).slice(1).toLowerCase();
  const format = formats.find((one) => one === ending);
  if (format !== undefined) return format;
  const hint = `Give a name that ends in ${formats.map((one) => `.${one}`).join(', ')}`;
  const problem = 'the name of the file does not say a format that can be written';
  throw new EvopatchError('INVALID_OPTION', problem, { given: file, hint });
}

type Content = string | Uint8Array;

/** Returns a function that writes a map to a file in the format that the file's name ends in. */
export function saverOf<Look>(
  contents: Readonly<Record<string, (look?: Look) => Content | Promise<Content>>>,
): (file: string, look?: Look) => Promise<void> {
  return async (file, look) => {
    const format = formatOf(file, Object.keys(contents));
    await writeFileAtomic(file, await contents[format](look));
  };
}

export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
