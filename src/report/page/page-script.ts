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

/** The content security policy of a page: it runs its own script and loads nothing, or asks only the server of its run. */
export function pagePolicy(live: boolean): string {
  const script = live ? liveScript() : pageScript();
  return [
    "default-src 'none'",
    'img-src data:',
    'font-src data:',
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    `connect-src ${live ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

const texts = new Map<string, string>();

/** Reads a script once, so that a server's policy and its pages have the same text. */
function read(name: string, beside: () => URL): string {
  const text = texts.get(name) ?? readFileSync(packageFile(name, beside), 'utf8');
  texts.set(name, text);
  return text;
}
