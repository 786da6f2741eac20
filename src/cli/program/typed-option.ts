import { EvopatchError } from '../../core/errors.ts';
import type { OptionTable } from '../command.ts';

/** Flags whose names differ from the library's options. */
const FLAGS = new Map([
  ['dataset', 'data'],
  ['folder', 'out'],
  ['port', 'watch'],
  ['runFolder', 'out'],
  ['file', 'model'],
]);

/**
 * Names the option of a library's error as the user types it: `learningRate` becomes `--learning-rate`,
 * `bounds.maximumPatches` becomes `--max-patches` and `fitness.samples` becomes `--fitness-samples`. Options that the command
 * does not have, and columns of a file, keep their names.
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
