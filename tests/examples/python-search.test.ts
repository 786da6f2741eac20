import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SEARCH = fileURLToPath(new URL('../../examples/python/search.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'evopatch-'));
afterAll(() => rmSync(folder, { recursive: true }));

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test.runIf(hasPython())('the search in Python finds a front', async () => {
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${MAIN}" "$@"\n`;
  writeFileSync(join(folder, 'npx'), npx, { mode: 0o755 }); // as in a project with the package
  const words = '--data synthetic:140 --seed a --fitness-epochs 1 --max-patches 1 --max-macs 200000'.split(
    ' ',
  );
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  const { stdout } = await promisify(execFile)('python3', [SEARCH, ...words], { env });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line).toMatch(/^\d+\.\d% \{'loss': [\d.]+, 'parameters': \d+, 'pixels': \d+\}$/);
  }
});
