import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../../core/package-files.ts';

/** What a page does in a browser: the text of `script.js`. */
export function pageScript(): string {
  return read('report/page/script.js', () => new URL('./script.js', import.meta.url));
}

/** What a page does that is served while its run goes on. */
export function liveScript(): string {
  const live = read('report/page/live-script.js', () => new URL('./live-script.js', import.meta.url));
  return `${pageScript()}\n${live}`;
}

/** The source by which a content security policy lets a script run, as in `'sha256-…'`. */
export function scriptSource(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

const texts = new Map<string, string>();

/** Reads a script once, so that the policy of a server and its pages speak of the same text. */
function read(name: string, beside: () => URL): string {
  const text = texts.get(name) ?? readFileSync(packageFile(name, beside), 'utf8');
  texts.set(name, text);
  return text;
}
