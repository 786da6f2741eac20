import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../../core/package-files.ts';

/** Reads `script.js`, the script of every page. */
export function pageScript(): string {
  return read('report/page/script.js', () => new URL('./script.js', import.meta.url));
}

/** Reads the script of a page that is served during its run. */
export function liveScript(): string {
  const live = read('report/page/live-script.js', () => new URL('./live-script.js', import.meta.url));
  return `${pageScript()}\n${live}`;
}

/** Gives the source expression by which a content security policy allows a script, as in `'sha256-…'`. */
export function scriptSource(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

const texts = new Map<string, string>();

/** Reads a script once, so that a server's policy and its pages have the same text. */
function read(name: string, beside: () => URL): string {
  const text = texts.get(name) ?? readFileSync(packageFile(name, beside), 'utf8');
  texts.set(name, text);
  return text;
}
