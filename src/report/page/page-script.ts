import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What the page does in a browser: the text of `script.js`. */
export const PAGE_SCRIPT = readFileSync(new URL('./script.js', import.meta.url), 'utf8');

/** By which a content security policy knows it. */
export const PAGE_SCRIPT_HASH = `sha256-${createHash('sha256').update(PAGE_SCRIPT).digest('base64')}`;
