import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const CHILD = fileURLToPath(new URL('./stopped-runs-child.js', import.meta.url));
const RUNS = 30;
/** A thread of a run that stayed behind would keep about 15 MB. */
const MAX_BYTES_A_RUN = 3e6;

test.runIf(process.platform === 'linux')(
  'stopped runs leave no threads and no memory behind',
  { timeout: 240_000 },
  async () => {
    const env = { ...process.env, MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_ARENA_MAX: '1' };
    const { stdout } = await promisify(execFile)(process.execPath, [CHILD, `${RUNS}`], { env });
    const { outcomes, before, after } = JSON.parse(stdout);
    expect(new Set(outcomes)).toEqual(new Set(['ABORTED']));
    expect(after.threads).toBe(before.threads);
    expect((after.bytes - before.bytes) / RUNS).toBeLessThan(MAX_BYTES_A_RUN);
  },
);
