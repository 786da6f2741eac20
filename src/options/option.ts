import { z } from 'zod';
import { strictOptions } from '../core/parse.ts';

/** How a command spells an option. */
export interface Flag {
  /** Without the dashes. @defaultValue from the option's name, as in `max-seconds` for `maximumSeconds` and `no-halving` for `halving`, which is on by default */
  readonly name?: string;
  /** What stands for the value in the help, as in `--out DIR`. @defaultValue 'N' for numbers, 'NAME' for choices, else 'TEXT' */
  readonly placeholder?: string;
  /** What the help says about it. */
  readonly help: string;
  /** What happens without the flag, in words. @defaultValue the default of the schema */
  readonly default?: string;
  /** What a flag without a value stands for. @defaultValue of an option that is on or off, the opposite of its default */
  readonly sets?: unknown;
  /** From the word that was typed to the option's value, and back. @defaultValue the word, or the number that it says */
  readonly read?: (word: string) => unknown;
  readonly write?: (value: never) => string;
}

interface Traits {
  readonly flag?: Flag;
  /** Options inside this one that have flags of their own. */
  readonly fields?: OptionDefinitions;
  /** Whether `run.json` keeps it, or what it keeps of it. @defaultValue true */
  readonly recorded?: boolean | ((value: never) => unknown);
  /** Whether the result depends on it. @defaultValue true */
  readonly changesResult?: boolean;
  /** Whether a run may be resumed with another value. @defaultValue false */
  readonly resume?: boolean;
  /** The name of the option in earlier releases. */
  readonly formerly?: string;
}

/** One option of a search or a training: what it may be and all that follows from it. */
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

/** What a caller gives: options with a default may be left out. */
export type GivenOptions<Table extends OptionDefinitions> = Fields<{
  [Name in keyof Table]: z.input<Table[Name]['schema']>;
}>;

/** What the checks make of it: defaults are filled in. */
export type CheckedOptions<Table extends OptionDefinitions> = Fields<{
  [Name in keyof Table]: z.output<Table[Name]['schema']>;
}>;

/** Names of the options that may differ from one process of a run to the next. */
export type ResumableName<Table extends OptionDefinitions> = {
  [Name in keyof Table]: Table[Name]['resume'] extends true ? Name : never;
}[keyof Table];

type SchemasOf<Table extends OptionDefinitions> = { [Name in keyof Table]: Table[Name]['schema'] };

/** A schema of the options that refuses unknown ones, and tells the new names of those that were renamed. */
export function schemaOf<Table extends OptionDefinitions>(
  table: Table,
): z.ZodObject<SchemasOf<Table>, z.core.$strict> {
  const schemas = mapTable(table, ({ schema }) => schema);
  return strictOptions(schemas as SchemasOf<Table>, formerNames(table));
}

/** The schema of what `resume` takes: of the options that may change, those that are given. */
export function resumeSchemaOf(table: OptionDefinitions) {
  const resumable = Object.entries(table).filter(([, { resume }]) => resume);
  const schemas = resumable.map(([name, { schema }]) => [
    name,
    schema instanceof z.ZodDefault ? (schema.unwrap() as z.ZodType).optional() : schema,
  ]);
  return strictOptions(Object.fromEntries(schemas));
}

/** The defaults of the options that have one. */
export function defaultsOf(table: OptionDefinitions): Record<string, unknown> {
  return mapTable(table, ({ schema }) => schema.safeParse(undefined).data);
}

/** Of checked options, those that `run.json` keeps. */
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

/** Options that an earlier release recorded, under the names that they have now. */
export function withCurrentNames(
  table: OptionDefinitions,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const names = formerNames(table);
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [names[name] ?? name, value]));
}

function formerNames(table: OptionDefinitions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, { formerly }]) =>
      formerly === undefined ? [] : [[formerly, name]],
    ),
  );
}

function mapTable<Value>(
  table: OptionDefinitions,
  of: (option: OptionDefinition) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).map(([name, one]) => [name, of(one)]));
}
