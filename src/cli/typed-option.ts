import { EvopatchError } from '../core/errors.ts';
import type { OptionTable } from './command.ts';

/** Flags that differ from the name of the library's option in more than its spelling. */
const FLAGS = new Map([
  ['dataset', 'data'],
  ['folder', 'out'],
  ['port', 'watch'],
  ['runFolder', 'out'],
  ['file', 'model'],
]);

/**
 * An error of the library with its option as the user typed it: `learningRate` is `--learning-rate`,
 * `bounds.maximumPatches` is `--max-patches` and `fitness.samples` is `--fitness-samples`. An option that the command does
 * not have, and the column of a file, stay as they are.
 */
export function withTypedOption(cause: unknown, options: OptionTable): unknown {
  if (!(cause instanceof EvopatchError)) return cause;
  const { option, file } = cause.data;
  if (option === undefined || option.startsWith('--') || file !== undefined) return cause;
  const path = option.replace(/\[\d+\]$/, '');
  const named = Object.keys(options).find((name) => options[name].optionPath === path);
  const flag = named ?? flagsLike(path).find((name) => Object.hasOwn(options, name));
  if (flag === undefined) return cause;
  return new EvopatchError(cause.code, cause.problem, { ...cause.data, option: `--${flag}` }, cause);
}

function flagsLike(option: string): string[] {
  const path = option.split('.');
  const last = path[path.length - 1];
  return [FLAGS.get(last) ?? last, path.join('-')].map((name) =>
    name.replace(/^maximum/, 'max').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
}
