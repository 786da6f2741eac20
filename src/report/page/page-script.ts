import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** What a page does in a browser: the text of `script.js`. */
export const PAGE_SCRIPT = read('./script.js');

/** What a page does that is served while its run goes on. */
export const LIVE_SCRIPT = `${PAGE_SCRIPT}\n${read('./live-script.js')}`;

/** The source by which a content security policy lets a script run, as in `'sha256-…'`. */
export function scriptSource(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}
