import { resolve } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import type { OptionDefinition, OptionDefinitions } from '../../src/options/option.ts';

interface Described {
  readonly type?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly items?: Described;
  /** The first is what words give; the others are parts that only a program can give. */
  readonly anyOf?: readonly Described[];
}

const text = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  .filter((one) => !one.includes('\0'))
  .map((one) => `/${one}`)
  .filter((one) => resolve(one) === one); // so that paths stay as they are

/** Values that an option may have, drawn from its own schema; `undefined` where words of any kind do not fit it. */
export function valuesOf({ schema }: OptionDefinition): fc.Arbitrary<unknown> | undefined {
  const drawn = drawnFrom(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described);
  if (drawn === text && !schema.safeParse('/x').success) return undefined;
  return drawn?.filter((value) => schema.safeParse(value).success);
}

function drawnFrom(whole: Described): fc.Arbitrary<unknown> | undefined {
  const described = { ...whole, ...whole.anyOf?.[0] };
  const { type, enum: choices, minimum, exclusiveMinimum = 1e-3, maximum, items } = described;
  if (choices !== undefined) return fc.constantFrom(...choices);
  switch (type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: minimum, max: Math.min(maximum ?? 1e6, 1e6) });
    case 'number':
      return fc.double({ min: minimum ?? exclusiveMinimum, max: maximum ?? 1e6, noNaN: true }).map(Math.abs);
    case 'string':
      return text;
    case 'array':
      return items && fc.uniqueArray(drawnFrom(items) as fc.Arbitrary<unknown>, { minLength: 1 });
    default:
      return undefined;
  }
}

/** Options of a table that have flags, any of them with any value. */
export function optionsWithFlags(table: OptionDefinitions): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(table).flatMap(([name, option]) => {
    const values = option.fields ? optionsWithFlags(option.fields) : option.flag && valuesOf(option);
    return values ? [[name, values] as const] : [];
  });
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] });
}
