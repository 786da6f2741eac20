import * as z from 'zod';
import { type ErrorCode, EvopatchError } from './errors.ts';

/**
 * Checks data from outside against its schema and returns it typed, with the defaults filled in.
 *
 * @throws EvopatchError with the given code and the first field at fault, as in `patches[2].width`.
 */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: ErrorCode,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : issue.path;
  const given = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], value);
  throw new EvopatchError(code, issue.message, { option: fieldName(path), given });
}

/**
 * Makes a schema of options that refuses unknown ones and lists the known ones.
 *
 * @param renamed the new names of options by their old ones
 */
export function strictOptions<Shape extends z.ZodRawShape>(
  shape: Shape,
  renamed: Readonly<Record<string, string>> = {},
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const name = renamed[issue.keys[0]];
      return name === undefined
        ? `there is no such option; known are ${Object.keys(shape).join(', ')}`
        : `this option is now called ${name}`;
    },
  });
}

function fieldName(path: readonly PropertyKey[]): string | undefined {
  if (path.length === 0) return undefined;
  return path
    .map((key, depth) =>
      typeof key === 'number' ? `[${key}]` : depth === 0 ? String(key) : `.${String(key)}`,
    )
    .join('');
}
