import { extname } from 'node:path';
import { EvopatchError } from '../core/errors.ts';

/**
 * The format that the name of a file asks for by its ending.
 *
 * @throws EvopatchError `INVALID_OPTION` where it is none of the known ones.
 */
export function formatOf<Format extends string>(file: string, formats: readonly Format[]): Format {
  const ending = extname(file).slice(1).toLowerCase();
  const format = formats.find((one) => one === ending);
  if (format !== undefined) return format;
  const hint = `Give a name that ends in ${formats.map((one) => `.${one}`).join(', ')}`;
  throw new EvopatchError(
    'INVALID_OPTION',
    'the name of the file does not say a format that can be written',
    {
      given: file,
      hint,
    },
  );
}
