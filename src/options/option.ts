import * as z from 'zod';
import { strictOptions } from '../core/parse.ts';

/** The flag of an option. */
export interface Flag {
  /** Without the dashes. @defaultValue from the option's name, as in `max-seconds` for `maximumSeconds` and `no-halving` for `halving`, which is on by default */
  readonly name?: string;
  /** The name of the value in the help, as in `--out DIR`. @defaultValue 'N' for numbers, 'NAME' for choices, else 'TEXT' */
  readonly placeholder?: string;
  /** Its description in the help. */
  readonly help: string;
  /** Describes the default. @defaultValue the default of the schema */
  readonly default?: string;
  /** The value that a flag without a value sets. @defaultValue for a boolean option, the opposite of its default */
  readonly sets?: unknown;
  /** Converts the typed word to the option's value. @defaultValue the word, or its number */
  readonly read?: (word: string) => unknown;
  /** Converts the value back to the word; `undefined` where no word gives it. */
  readonly write?: (value: never) => string | undefined;
}

interface Traits {
  readonly flag?: Flag;
  /** Options inside this one, with their own flags. */
  readonly fields?: OptionDefinitions;
  /** Whether `run.json` records it, or which part of it. @defaultValue true */
  readonly recorded?: boolean | ((value: never) => unknown);
  /** Whether the result depends on it. @defaultValue true */
  readonly changesResult?: boolean;
  /** Whether a run may be resumed with another value. @defaultValue false */
  readonly resume?: boolean;
  /**
   * Its names in earlier releases, each with the value that one recorded there stands for; `undefined` says nothing. Of several,
   * the last counts.
   */
  readonly formerly?: Readonly<Record<string, (recorded: unknown) => unknown>>;
}

/** One option of a search or a training: its schema and its other traits. */
export interface OptionDefinition<Schema extends z.ZodType = z.ZodType, Resume = boolean>
  extends Omit<Traits, 'resume'> {
  readonly schema: Schema;
  readonly resume: Resume;
}

/** Options by name. The comment of each entry is the documentation that editors show. */
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

export function option<Schema extends z.ZodType, const Resume extends boolean = false>(
  schema: Schema,
  traits: Traits & { readonly resume?: Resume } = {},
): OptionDefinition<Schema, Resume> {
  return { ...traits, schema, resume: (traits.resume ?? false) as Resume };
}

/** Fields that may be undefined become optional. */
type Fields<Values> = {
  readonly [Name in keyof Values as undefined extends Values[Name] ? never : Name]: Values[Name];
} & {
  readonly [Name in keyof Values as undefined extends Values[Name] ? Name : never]?: Values[Name];
};

/** Options as a caller gives them: those with a default may be left out. */
export type GivenOptions<Table extends OptionDefinitions> = Fields<{
  [Name in keyof Table]: z.input<Table[Name]['schema']>;
}>;

/** Checked options, with their defaults. */
export type CheckedOptions<Table extends OptionDefinitions> = Fields<{
  [Name in keyof Table]: z.output<Table[Name]['schema']>;
}>;

/** Names of the options that may differ from one process of a run to the next. */
export type ResumableName<Table extends OptionDefinitions> = {
  [Name in keyof Table]: Table[Name]['resume'] extends true ? Name : never;
}[keyof Table];

type SchemasOf<Table extends OptionDefinitions> = { [Name in keyof Table]: Table[Name]['schema'] };

/** Makes a schema of the options that refuses unknown ones, and names the new names of renamed ones. */
export function schemaOf<Table extends OptionDefinitions>(
  table: Table,
): z.ZodObject<SchemasOf<Table>, z.core.$strict> {
  const schemas = mapTable(table, ({ schema }) => schema);
  return strictOptions(schemas as SchemasOf<Table>, formerNames(table));
}

/** Makes the schema of the options that `resume` may change, all of them optional. */
export function resumeSchemaOf(table: OptionDefinitions) {
  const resumable = Object.entries(table).filter(([, { resume }]) => resume);
  const schemas = resumable.map(([name, { schema }]) => [
    name,
    schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType).optional() : schema,
  ]);
  return strictOptions(Object.fromEntries(schemas));
}

/** Gives the defaults of the options that have one. */
export function defaultsOf(table: OptionDefinitions): Record<string, unknown> {
  return mapTable(table, ({ schema }) => schema.safeParse(undefined).data);
}

/** Picks the options that `run.json` records. */
export function recordedOptions(
  table: OptionDefinitions,
  settings: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const kept = Object.entries(table).filter(([, { recorded }]) => recorded !== false);
  return Object.fromEntries(
    kept.map(([name, { recorded }]) => {
      const value = settings[name];
      return [name, typeof recorded === 'function' ? recorded(value as never) : value];
    }),
  );
}

/** Brings the options that an earlier release recorded to their current names and values. */
export function withCurrentNames(
  table: OptionDefinitions,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const names = formerNames(table);
  return Object.fromEntries(
    Object.entries(options).flatMap(([recorded, value]) => {
      const name = names[recorded];
      if (name === undefined) return [[recorded, value]];
      const current = table[name].formerly?.[recorded](value);
      return current === undefined ? [] : [[name, current]];
    }),
  );
}

function formerNames(table: OptionDefinitions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, { formerly = {} }]) =>
      Object.keys(formerly).map((former) => [former, name]),
    ),
  );
}

function mapTable<Value>(
  table: OptionDefinitions,
  of: (option: OptionDefinition) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).map(([name, one]) => [name, of(one)]));
}
