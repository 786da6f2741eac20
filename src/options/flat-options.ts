import { canonicalJson } from '../core/canonical-json.ts';

/** Options by name, as in `fitness.epochs`, with their values in words. */
export function flatOptions(options: object, prefix = ''): [name: string, value: string][] {
  return Object.entries(options).flatMap(([name, value]) => {
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (nested) return flatOptions(value, `${prefix}${name}.`);
    return [[`${prefix}${name}`, optionText(value)]];
  });
}

/** The value of one option in words. */
export function optionText(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}
