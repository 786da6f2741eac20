import { flatOptions } from './flat-options.ts';
import type { Flag, OptionDefinition, OptionDefinitions } from './option.ts';

/** An option with a flag. */
export interface FlaggedOption {
  /** The path to its value in the options, as in `['bounds', 'maximumPatches']`. */
  readonly path: readonly string[];
  /** The flag's name without the dashes. */
  readonly name: string;
  /** The flag's names in earlier releases, without `no-`. */
  readonly formerly: readonly string[];
  readonly flag: Flag;
  readonly option: OptionDefinition;
}

type Values = Readonly<Record<string, unknown>>;

/** Lists the options of a table that have flags, in its order. */
export function flaggedOptions(table: OptionDefinitions, outer: readonly string[] = []): FlaggedOption[] {
  return Object.entries(table).flatMap(([key, option]) => {
    const path = [...outer, key];
    const { flag, fields = {}, formerly = {} } = option;
    const own =
      flag === undefined
        ? []
        : [
            {
              path,
              name: flag.name ?? spelled(key, option),
              flag,
              option,
              formerly: Object.keys(formerly).map(dashed),
            },
          ];
    return [...own, ...flaggedOptions(fields, path)];
  });
}

/** Gives the value that a flag without a value sets; `undefined` for a flag that takes a value. */
export function valueOfSwitch({ flag, option: { schema } }: Pick<FlaggedOption, 'flag' | 'option'>): unknown {
  const usual = schema.safeParse(undefined).data;
  return flag.sets ?? (typeof usual === 'boolean' ? !usual : undefined);
}

/**
 * Converts typed flags to options.
 *
 * @param values by the flags' names: words, numbers, or whether a flag without a value was given
 */
export function optionsOfFlags(table: OptionDefinitions, values: Values): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const flagged of flaggedOptions(table)) {
    const typed = values[flagged.name];
    if (typed === undefined || typed === false) continue;
    const { read = (word) => word } = flagged.flag;
    setAt(options, flagged.path, typed === true ? valueOfSwitch(flagged) : read(typed as string));
  }
  return options;
}

/**
 * Writes the words of a command that sets these options, each spelled out, and lists the options that no flag can set, except
 * defaults and those without effect on the result.
 *
 * @param defaults of the options without a flag
 */
export function wordsOfOptions(
  table: OptionDefinitions,
  options: Values,
  defaults: Values,
): { readonly words: readonly string[]; readonly missing: readonly string[] } {
  const usual = new Map(flatOptions(defaults));
  const typed = flaggedOptions(table).flatMap((flagged) => {
    const words = wordsOf(flagged, valueAt(options, flagged.path));
    return words === undefined ? [] : [{ name: flagged.path.join('.'), words }];
  });
  const needless = ([name, text]: readonly [string, string]) =>
    table[name.split('.')[0]]?.changesResult === false ||
    typed.some((one) => one.name === name) ||
    usual.get(name) === text;
  const missing = flatOptions(options).filter((entry) => !needless(entry));
  return { words: typed.flatMap(({ words }) => words), missing: missing.map(([name]) => name) };
}

/** Writes a flag with a value; `undefined` where the flag cannot set it. */
function wordsOf(flagged: FlaggedOption, value: unknown): string[] | undefined {
  const { name, flag, option } = flagged;
  if (value === undefined || value === null || option.changesResult === false) return [];
  const on = valueOfSwitch(flagged);
  if (on !== undefined) return value === on ? [`--${name}`] : [];
  if (!option.schema.safeParse(value).success) return undefined;
  const { write = String as (value: never) => string } = flag;
  const word = write(value as never);
  return word === undefined ? undefined : flagWords(name, word);
}

/** Writes a flag with its value, joined to it where the value looks like a flag. */
export function flagWords(name: string, value: string): string[] {
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** Spells `maximumSeconds` as `max-seconds`, and an option that is on by default as `no-…`. */
function spelled(name: string, { schema }: OptionDefinition): string {
  return schema.safeParse(undefined).data === true ? `no-${dashed(name)}` : dashed(name);
}

function dashed(name: string): string {
  return name.replace(/^maximum/, 'max').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function valueAt(options: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Values | undefined)?.[key], options);
}

function setAt(options: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...inner] = path;
  if (inner.length === 0) {
    options[key] = value;
    return;
  }
  options[key] ??= {};
  setAt(options[key] as Record<string, unknown>, inner, value);
}
