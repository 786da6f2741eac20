// Checks that every package of the lock file has the hash of its archive. npm omits hashes when it writes the lock file from a
// node_modules without the packages of other systems; `npm install --package-lock-only` adds them after the entries without a
// hash are removed.
import { readFile } from 'node:fs/promises';

const { packages } = JSON.parse(await readFile(new URL('../package-lock.json', import.meta.url), 'utf8'));
const entries = Object.entries(packages).filter(([path]) => path !== '');
const bare = entries.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity));

for (const [path] of bare) console.error(`package-lock.json: ${path} has no hash`);
if (bare.length > 0) process.exit(1);
console.log(`lock file: ${entries.length} packages, all with their hash`);
