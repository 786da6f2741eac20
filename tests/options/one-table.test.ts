import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineCommand } from '../../src/cli/command.ts';
import { commandOptions, headingsOf } from '../../src/cli/options/table-options.ts';
import { commandHelp } from '../../src/cli/program/help.ts';
import { parseOptions } from '../../src/cli/program/parse-options.ts';
import { EVOLVE_GROUPS, EVOLVE_TABLE } from '../../src/options/evolve-table.ts';
import { optionsOfFlags, wordsOfOptions } from '../../src/options/flags.ts';
import {
  defaultsOf,
  type GivenOptions,
  option,
  recordedOptions,
  resumeSchemaOf,
  schemaOf,
  withCurrentNames,
} from '../../src/options/option.ts';

const TOYS = {
  /** How often the search shuffles its deck. @defaultValue 3 */
  shuffles: option(z.int().min(1).max(9).default(3), {
    flag: { help: 'Shuffles of the deck' },
    resume: true,
    formerly: { riffles: (value) => value, riffled: (value) => (value === true ? 2 : undefined) },
  }),
  /** Whether the deck has jokers. @defaultValue true */
  jokers: option(z.boolean().default(true), { flag: { help: 'Leave the jokers out.' } }),
  /** A deck of one's own, which is recorded by its name. */
  deck: option(z.custom<{ readonly name: string }>().optional(), {
    recorded: (deck?: { readonly name: string }) => deck?.name,
  }),
};
const table = { ...EVOLVE_TABLE, ...TOYS };
const { dataset: _, ...withoutDataset } = table;
const command = defineCommand({
  name: 'evolve',
  summary: '',
  description: '',
  options: commandOptions(table),
  headings: headingsOf({ ...EVOLVE_GROUPS, Toys: TOYS }),
  examples: [],
  run: () => Promise.reject(),
});
const typed = (...words: string[]) => optionsOfFlags(table, parseOptions(command, words).values);

describe('an option that is added to the table', () => {
  test('has a type, is checked and has its default', () => {
    const given: GivenOptions<typeof TOYS> = { shuffles: 5 };
    expect(schemaOf(withoutDataset).parse(given)).toMatchObject({
      shuffles: 5,
      jokers: true,
      population: 32,
    });
    expect(schemaOf(TOYS).parse({})).toEqual({ shuffles: 3, jokers: true });
    expect(schemaOf(TOYS).safeParse({ shuffles: 0 }).success).toBe(false);
    // @ts-expect-error a number is wanted
    expect(schemaOf(TOYS).safeParse({ shuffles: 'x' } satisfies GivenOptions<typeof TOYS>).success).toBe(
      false,
    );
  });

  test('is in the help, under its heading, and is typed', () => {
    const help = commandHelp(command, 96);
    expect(help).toMatch(
      /\nToys:\n {2}--shuffles N +Shuffles of the deck \(a whole number from 1 to 9; default: 3\)\n {2}--no-jokers +Leave/,
    );
    expect(typed('--shuffles', '5', '--no-jokers')).toEqual({ shuffles: 5, jokers: false });
    expect(() => typed('--shuffles', '10')).toThrow("'--shuffles': must be a whole number from 1 to 9");
  });

  test('is in run.json, as far as it is plain data', () => {
    const settings = { ...defaultsOf(table), shuffles: 5, deck: { name: 'tarot', cut: () => 0 } };
    expect(recordedOptions(table, settings)).toMatchObject({ shuffles: 5, jokers: true, deck: 'tarot' });
  });

  test('is in the printed command, or is named as missing', () => {
    const options = { ...typed('--shuffles', '5', '--no-jokers'), deck: 'tarot' };
    const { words, missing } = wordsOfOptions(table, options, defaultsOf(table));
    expect(words).toEqual(['--shuffles', '5', '--no-jokers']);
    expect(missing).toEqual(['deck']);
  });

  test('may differ in a resumed run where the table says so', () => {
    const schema = resumeSchemaOf(TOYS);
    expect(schema.safeParse({ shuffles: 5 }).success).toBe(true);
    expect(schema.parse({})).not.toHaveProperty('shuffles');
    expect(schema.safeParse({ jokers: false }).success).toBe(false);
  });

  test('is read and refused under its earlier name', () => {
    expect(withCurrentNames(table, { riffles: 5, seed: 'x' })).toEqual({ shuffles: 5, seed: 'x' });
    expect(withCurrentNames(table, { riffled: true })).toEqual({ shuffles: 2 });
    expect(withCurrentNames(table, { riffled: false })).toEqual({});
    expect(() => schemaOf(TOYS).parse({ riffles: 5 })).toThrow('this option is now called shuffles');
    expect(() => typed('--no-riffled')).toThrow("'--no-riffled': this option is now called --shuffles");
    expect(() => typed('--riffles', '5')).toThrow("'--riffles': this option is now called --shuffles");
  });
});
