// Checks the packed package as those who install it meet it: publint looks at its fields and files, are-the-types-wrong at
// the types that each kind of project finds. Node ≥ 20.19 requires ES modules, so that rule is left out; TypeScript's
// resolution 'node10' does not know exports, so it is not looked at.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('..', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'evopatch-package-'));
const run = (command, args) => execFileSync(command, args, { cwd: root, encoding: 'utf8' });
const check = (name, args) => {
  try {
    run(join('node_modules/.bin', name), args);
  } catch ({ stdout, stderr }) {
    process.exitCode = 1;
    console.error(`${name}:\n${stdout}${stderr}`);
  }
};

try {
  const archive = run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]).trim();
  const file = join(folder, archive);
  check('publint', ['run', file, '--strict']);
  check('attw', [file, '--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm']);
  const names = run('tar', ['-tzf', file]).trim().split('\n');
  const binaries = names.filter((name) => /\.(node|so|dylib|dll)$/.test(name));
  for (const name of binaries) console.error(`${name} runs on one system only and must not be packed`);
  if (binaries.length > 0) process.exitCode = 1;
  if (!process.exitCode) console.log(`package: ${names.length} files, its fields and types are right`);
} finally {
  rmSync(folder, { recursive: true });
}
