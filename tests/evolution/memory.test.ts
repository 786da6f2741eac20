import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const CHILD = fileURLToPath(new URL('./memory-child.js', import.meta.url));
/** A network of this run has about 5,000 parameters: its weights and moments alone would be 60 kB. */
const MAX_BYTES_AN_EVALUATION = 50_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the memory stays as it is over two thousand evaluations', { timeout: 600_000 }, async () => {
  // With these the C library returns freed memory at once.
  const env = { ...process.env, MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_ARENA_MAX: '1' };
  const args = [CHILD, join(folder, 'run'), '2'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const { evaluations, memory } = JSON.parse(stdout);
  expect(evaluations).toBeGreaterThan(2000);
  const warm: number[] = memory.slice(4);
  const half = warm.length / 2;
  // Uncollected garbage comes and goes by tens of megabytes, so only the lowest values show what stays.
  const growth = Math.min(...warm.slice(half)) - Math.min(...warm.slice(0, half));
  expect(growth / ((half * evaluations) / memory.length)).toBeLessThan(MAX_BYTES_AN_EVALUATION);
});
