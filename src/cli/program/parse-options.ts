import { parseArgs } from 'node:util';
import { EvopatchError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';
import type { Command, NumberSpec, OptionSpec, OptionTable } from '../command.ts';

type OptionValue = string | number | boolean;

/** The parsed words of a command line. */
export interface CommandLine {
  readonly help: boolean;
  readonly json: boolean;
  readonly operands: readonly string[];
  readonly values: Readonly<Record<string, OptionValue | readonly OptionValue[] | undefined>>;
}

/** Options that every command has. */
export const COMMON_OPTIONS = {
  json: {
    kind: 'flag',
    description: "Print the answer as JSON; 'evopatch help COMMAND --json' prints its JSON Schema.",
  },
  help: { kind: 'flag', description: 'Show this help.' },
} as const satisfies OptionTable;

const FORCE_OPTION = {
  kind: 'flag',
  description:
    'Replace a file that this command did not write, or use a folder with other files; never replaces an input.',
} as const satisfies OptionSpec;

/** Lists the options of a command, with --force if it writes files, and with those of all commands. */
export function optionsOf({ options }: Command): OptionTable {
  const writes = Object.values(options).some(
    (spec) => spec.kind === 'text' && spec.output !== undefined && spec.output.kind !== 'shared folder',
  );
  return { ...options, ...(writes ? { force: FORCE_OPTION } : {}), ...COMMON_OPTIONS };
}

/**
 * Parses the words after a command's name.
 *
 * @throws EvopatchError `INVALID_OPTION` for an option that is unknown, lacks its value or has an impossible one, for a missing
 * one, and for unexpected words.
 */
export function parseOptions(command: Command, args: readonly string[]): CommandLine {
  const table = optionsOf(command);
  const { tokens } = parseArgs({
    args: joinNumbers(args, table),
    options: Object.fromEntries(
      Object.entries(table).map(([name, spec]) => [
        name,
        {
          type: spec.kind === 'flag' || bareValue(spec) !== undefined ? 'boolean' : 'string',
          ...(name === 'help' ? { short: 'h' } : {}),
        } as const,
      ]),
    ),
    strict: false, // the tokens allow better messages than those of parseArgs
    tokens: true,
  });
  const values: Record<string, OptionValue | OptionValue[] | undefined> = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(table, token.name) ? table[token.name] : undefined;
    if (spec === undefined) throw unknownOption(command, token.rawName, table);
    const value = readValue(token.rawName, spec, token.value, token.inlineValue === true);
    values[token.name] = spec.kind === 'text' && spec.many ? [values[token.name] ?? [], value].flat() : value;
  }
  for (const [name, { kind }] of Object.entries(table)) if (kind === 'flag') values[name] ??= false;
  values.force ??= false;
  const { help, json, ...rest } = values;
  if (help === true) return { help: true, json: false, operands: [], values: {} };
  checkOperands(command, operands);
  for (const [name, spec] of Object.entries(table)) {
    if (spec.kind !== 'flag' && spec.required && rest[name] === undefined) {
      const hint = `Give --${name} ${spec.placeholder}; 'evopatch ${command.name} --help' explains it`;
      throw new EvopatchError('INVALID_OPTION', 'this option is required', { option: `--${name}`, hint });
    }
  }
  return { help: false, json: json === true, operands, values: rest };
}

function unknownOption(command: Command, given: string, table: OptionTable): EvopatchError {
  const name = given.replace(/^-+/, '');
  const former = name.replace(/^no-/, '');
  const renamed = Object.keys(table).find((one) => table[one].formerly?.includes(former));
  if (renamed !== undefined) {
    return new EvopatchError('INVALID_OPTION', `this option is now called --${renamed}`, { option: given });
  }
  const near = suggest(name, Object.keys(table));
  const hint =
    near === undefined ? `'evopatch ${command.name} --help' lists the options` : `Did you mean --${near}?`;
  return new EvopatchError('INVALID_OPTION', 'there is no such option', { option: given, hint });
}

/** Joins an option with an optional number to the number after it, as in `--watch=8080`. */
function joinNumbers(args: readonly string[], table: OptionTable): string[] {
  const words: string[] = [];
  for (const word of args) {
    const name = words.at(-1)?.replace(/^--/, '') ?? '';
    const joins = /^\d+$/.test(word) && Object.hasOwn(table, name) && bareValue(table[name]) !== undefined;
    words.push(joins ? `${words.pop()}=${word}` : word);
  }
  return words;
}

/** Gives the value of an option without its number; `undefined` where it needs a value. */
function bareValue(spec: OptionSpec): number | undefined {
  return spec.kind === 'integer' || spec.kind === 'number' ? spec.bare : undefined;
}

function readValue(
  option: string,
  spec: OptionSpec,
  given: string | undefined,
  inline: boolean,
): OptionValue {
  const refuse = (problem: string, hint?: string): never => {
    throw new EvopatchError('INVALID_OPTION', problem, { option, given, hint });
  };
  if (spec.kind === 'flag') return given === undefined || refuse('this option takes no value');
  const bare = bareValue(spec);
  if (given === undefined && bare !== undefined) return bare;
  if (given === undefined || given === '' || (!inline && /^-./.test(given))) {
    throw new EvopatchError('INVALID_OPTION', 'this option needs a value', {
      option,
      hint: `Write ${option} ${spec.placeholder}`,
    });
  }
  if (spec.kind === 'text') {
    if (spec.choices === undefined || spec.choices.includes(given)) return given;
    return refuse(`must be one of ${spec.choices.join(', ')}`);
  }
  const { kind, minimum = Number.NEGATIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = spec;
  const number = /^\d+(\.\d+)?(e[-+]?\d+)?$/i.test(given) ? Number(given) : Number.NaN;
  const possible =
    number >= minimum &&
    number > above &&
    number <= (spec.maximum ?? Number.MAX_VALUE) &&
    (kind === 'number' || Number.isSafeInteger(number));
  return possible ? number : refuse(`must be ${describeRange(spec)}`);
}

/** Describes the range of a number, as in `a whole number from 1 to 10`. */
export function describeRange({ kind, minimum, above, maximum }: NumberSpec): string {
  const what = kind === 'integer' ? 'a whole number' : 'a number';
  const from = above === undefined ? ` from ${minimum ?? 0}` : ` above ${above}`;
  const to = above === undefined ? ` to ${maximum}` : `, at most ${maximum}`;
  return `${what}${from}${maximum === undefined ? '' : to}`;
}

function checkOperands({ name, operand }: Command, given: readonly string[]): void {
  const hint = `'evopatch ${name} --help' shows the usage`;
  const refuse = (problem: string, word: string) => {
    throw new EvopatchError('INVALID_OPTION', problem, { given: word, hint });
  };
  const [word = 'nothing'] = given;
  if (operand !== undefined && operand.choices === undefined) {
    if (given.length === 0 && !operand.optional) refuse(`${operand.name} is required`, word);
    return;
  }
  const surplus = given[operand === undefined ? 0 : 1];
  if (surplus !== undefined) refuse('unexpected word', surplus);
  if (operand?.choices?.includes(word) === false) {
    refuse(`${operand.name} must be one of ${operand.choices.join(', ')}`, word);
  }
}
