import { EvopatchError } from '../core/errors.ts';

/**
 * Finds which of several options was given.
 *
 * @throws EvopatchError `INVALID_OPTION` where none was given, or more than one.
 */
export function exactlyOne<Name extends string>(
  values: Readonly<Record<Name, string | undefined>>,
): { readonly name: Name; readonly value: string } {
  const names = Object.keys(values) as Name[];
  const given = names.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ name, value }];
  });
  if (given.length === 1) return given[0];
  const list = names.map((name) => `--${name}`).join(', ');
  const named = given.map(({ name }) => `--${name}`).join(' and ');
  throw new EvopatchError('INVALID_OPTION', `give exactly one of ${list}`, { given: named || 'none' });
}
