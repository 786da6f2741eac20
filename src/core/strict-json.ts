import { EvopatchError } from './errors.ts';

const MAX_DEPTH = 64;
/** Strings, with the colon after a key, and brackets. */
const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/**
 * Parses JSON from outside. Refuses what `JSON.parse` accepts but could mislead: a repeated key in an object, the key
 * `__proto__`, more than 64 levels.
 *
 * @throws EvopatchError `INVALID_DATA`.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EvopatchError('INVALID_DATA', 'this is not JSON', { given: text }, cause);
  }
  const open: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) addKey(open[open.length - 1], JSON.parse(string) as string);
    if (open.length > MAX_DEPTH)
      throw new EvopatchError('INVALID_DATA', `the JSON has more than ${MAX_DEPTH} levels`);
  }
  return value;
}

function addKey(keys: Set<string>, key: string): void {
  if (key === '__proto__')
    throw new EvopatchError('INVALID_DATA', 'this key is not allowed', { option: key });
  if (keys.has(key)) throw new EvopatchError('INVALID_DATA', 'this key occurs twice', { option: key });
  keys.add(key);
}
