import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { start } from './program.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-interruption-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Each computes for long without a pause, and ends with 0 where it is not stopped. */
const busy: [what: string, args: () => string[]][] = [
  ['a benchmark', () => ['bench', 'train']],
  [
    'a population of a hundred thousand',
    () => [
      ...[
        'evolve',
        '--data',
        'synthetic:70',
        '--cache',
        'none',
        '--population',
        '100000',
        '--generations',
        '1',
      ],
      ...['--out', join(folder, 'run')],
    ],
  ],
];

describe.each(busy)('%s', (_what, args) => {
  test.each(['SIGINT', 'SIGTERM'] as const)('ends after %s during any computation', async (signal) => {
    const { child, ended } = start(args());
    await setTimeout(1500);
    child.kill(signal);
    const { code, stderr } = await ended;
    expect(code === 130 || child.signalCode === signal).toBe(true);
    expect(stderr).toContain('evopatch: ');
  });

  test('ends at once when asked twice', async () => {
    const { child, ended } = start(args());
    await setTimeout(1500);
    child.kill('SIGINT');
    await setTimeout(100);
    child.kill('SIGINT');
    await ended;
    expect(child.exitCode === 130 || child.signalCode === 'SIGINT').toBe(true);
  });
});
