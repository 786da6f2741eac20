import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { reportError } from '../../src/cli/program/report-error.ts';
import { asMemoryError } from '../../src/core/memory-error.ts';

const thrown = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (cause) {
    return cause;
  }
};

test.each([
  ['an array', () => new ArrayBuffer(2 ** 52)],
  ['shared memory', () => new SharedArrayBuffer(2 ** 52)],
])('a lack of memory for %s is told as that', (_what, allocate) => {
  const cause = thrown(allocate);
  expect(asMemoryError(cause)).toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  expect(reportError(cause)).toMatchObject({
    exitCode: 1,
    text: expect.stringContaining('not enough memory\n'),
  });
});

test('other errors are not', () => {
  expect(asMemoryError(thrown(() => 'x'.repeat(-1)))).toBeUndefined();
  expect(asMemoryError('allocation failed')).toBeUndefined();
});

test.runIf(process.platform === 'linux')('so is a limit of addresses below what WebAssembly reserves', () => {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const line = `ulimit -v 6000000; exec "${process.execPath}" "${main}" bench infer --engine wasm`;
  const { status, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^evopatch: the memory for a network cannot be allocated .+\nWebAssembly needs .+ulimit -v.+\n$/,
  );
});
