import { EvopatchError } from './errors.ts';
import { sha256 } from './hash.ts';

const DIGITS = 16;

/** Writes an object as one line of JSON that ends with a checksum of the rest. The object has no `checksum` of its own. */
export function encodeCheckedJson(value: object): string {
  return JSON.stringify({ ...value, checksum: checksumOf(value) });
}

/**
 * Reads what `encodeCheckedJson` wrote, without the checksum.
 *
 * @throws EvopatchError `INVALID_DATA` if it is truncated or a bit of it has changed.
 */
export function decodeCheckedJson(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EvopatchError('INVALID_DATA', 'this is not JSON', { given: text }, cause);
  }
  if (typeof value !== 'object' || value === null || !('checksum' in value)) {
    throw new EvopatchError('INVALID_DATA', 'this JSON has no checksum', { given: text });
  }
  const { checksum, ...rest } = value;
  if (checksum !== checksumOf(rest)) {
    throw new EvopatchError('INVALID_DATA', 'the checksum does not match the content', { given: checksum });
  }
  return rest;
}

function checksumOf(value: object): string {
  return sha256(JSON.stringify(value)).slice(0, DIGITS);
}
