import * as z from 'zod';
import { type FlaggedOption, flaggedOptions, valueOfSwitch } from '../../options/flags.ts';
import type { OptionDefinitions } from '../../options/option.ts';
import type { OptionSpec, OptionTable } from '../command.ts';

/** The JSON Schema of an option's values. */
interface ValueSchema {
  readonly type?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly anyOf?: readonly ValueSchema[];
}

/** Makes the options of a command from a table. */
export function commandOptions(definitions: OptionDefinitions): OptionTable {
  return Object.fromEntries(flaggedOptions(definitions).map((flagged) => [flagged.name, specOf(flagged)]));
}

/** Lists the flags below each heading of a command's help. */
export function headingsOf(groups: Readonly<Record<string, OptionDefinitions>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(groups).map(([heading, group]) => [
      heading,
      flaggedOptions(group).map(({ name }) => name),
    ]),
  );
}

function specOf(flagged: FlaggedOption): OptionSpec {
  const { flag, option, path, formerly } = flagged;
  const shared = { description: flag.help, optionPath: path.join('.'), formerly };
  if (valueOfSwitch(flagged) !== undefined) return { ...shared, kind: 'flag' };
  const whole = z.toJSONSchema(option.schema, { io: 'input', unrepresentable: 'any' }) as ValueSchema;
  const schema = { ...whole, ...whole.anyOf?.[0] }; // the others are parts that only a program can give
  const usual = flag.default ?? (schema.default === undefined ? undefined : String(schema.default));
  const valued = { ...shared, default: usual, placeholder: flag.placeholder ?? placeholderOf(schema) };
  if (schema.type !== 'integer' && schema.type !== 'number') {
    return { ...valued, kind: 'text', choices: schema.enum };
  }
  const { type: kind, minimum, exclusiveMinimum: above, maximum } = schema;
  const isLimited = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return { ...valued, kind, minimum, above, maximum: isLimited ? maximum : undefined };
}

function placeholderOf({ type, enum: choices }: ValueSchema): string {
  if (type === 'integer' || type === 'number') return 'N';
  return choices === undefined ? 'TEXT' : 'NAME';
}
