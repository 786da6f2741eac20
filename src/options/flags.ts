import { flatOptions } from './flat-options.ts';
import type { Flag, OptionDefinition, OptionDefinitions } from './option.ts';

/** An option that the command has. */
export interface FlaggedOption {
  /** Where its value lies among the options, as in `['bounds', 'maximumPatches']`. */
  readonly path: readonly string[];
  /** The flag's name without the dashes. */
  readonly name: string;
  /** The flag's name in earlier releases. */
  readonly formerly?: string;
  readonly flag: Flag;
  readonly option: OptionDefinition;
}

type Values = Readonly<Record<string, unknown>>;

/** The options of a table that have flags, in its order. */
export function flaggedOptions(table: OptionDefinitions, outer: readonly string[] = []): FlaggedOption[] {
  return Object.entries(table).flatMap(([key, option]) => {
    const path = [...outer, key];
    const { flag, fields = {}, formerly } = option;
    const own =
      flag === undefined
        ? []
        : [
            {
              path,
              name: flag.name ?? spelled(key, option),
              flag,
              option,
              formerly: formerly && spelled(formerly, option),
            },
          ];
    return [...own, ...flaggedOptions(fields, path)];
  });
}

/** What a flag without a value stands for; `undefined` for one that takes a value. */
export function valueOfSwitch({ flag, option: { schema } }: Pick<FlaggedOption, 'flag' | 'option'>): unknown {
  const usual = schema.safeParse(undefined).data;
  return flag.sets ?? (typeof usual === 'boolean' ? !usual : undefined);
}

/**
 * The options that typed flags come to.
 *
 * @param values by the flags' names: words, numbers, or whether a flag without a value was given.
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
 * The words of a command that gives these options, every one spelled out, and the names of those that no flag gives: they
 * are neither defaults nor without effect on the result.
 *
 * @param defaults of the options that have no flag.
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

/** `undefined` where the flag cannot give this value. */
function wordsOf(flagged: FlaggedOption, value: unknown): string[] | undefined {
  const { name, flag, option } = flagged;
  if (value === undefined || value === null || option.changesResult === false) return [];
  const on = valueOfSwitch(flagged);
  if (on !== undefined) return value === on ? [`--${name}`] : [];
  if (!option.schema.safeParse(value).success) return undefined;
  const word = flag.write?.(value as never) ?? String(value);
  return flagWords(name, word);
}

/** A flag with its value; a value that looks like a flag is joined to it. */
export function flagWords(name: string, value: string): string[] {
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value];
}

/** `maxSeconds` as `max-seconds`; of an option that is on by default the flag says no. */
function spelled(name: string, { schema }: OptionDefinition): string {
  const words = name.replace(/^maximum/, 'max').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return schema.safeParse(undefined).data === true ? `no-${words}` : words;
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
