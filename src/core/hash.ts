import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** Node hashes less than 2 GiB in one call. */
const HASHED_AT_ONCE = 2 ** 30;

/** Computes the SHA-256 as 64 hexadecimal digits. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    if (typeof part === 'string') hash.update(part);
    else
      for (let at = 0; at < part.length; at += HASHED_AT_ONCE)
        hash.update(part.subarray(at, at + HASHED_AT_ONCE));
  }
  return hash.digest('hex');
}

/** Hashes a value's canonical JSON by SHA-256. */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value));
}
