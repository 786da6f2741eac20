import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { queueEvaluator } from '../../src/queue/index.ts';
import { tinyRun } from '../evolution/running.ts';
import { describePostgres, describeRedis, startPostgres, startRedis, type TestServer } from './servers.ts';
import { killWorkers, startWorker } from './workers.ts';

/** A run with every kind of training: rungs, repeats, a baseline that teaches, finalists, controls. */
const options = { ...tinyRun, baseline: true, controls: 'quick' } as const;

const folder = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
let expected: string;
beforeAll(async () => {
  await evolvePatches({ ...options, workers: 2, runFolder: join(folder, 'local') });
  expected = resultOf('local');
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bytes of a result, but for its times. */
function resultOf(run: string): string {
  const text = readFileSync(join(folder, run, 'result.json'), 'utf8');
  return text.replace(/"timing": \{[^}]*\}/, '');
}

async function runOnQueue({ url: connection }: TestServer, name: string, processes: number): Promise<string> {
  const dataRoot = join(folder, `${name} data`);
  const workers = Array.from({ length: processes }, () => startWorker({ connection, dataRoot, workers: 1 }));
  try {
    const evaluator = queueEvaluator({ connection, dataRoot });
    await evolvePatches({ ...options, evaluator, runFolder: join(folder, name) });
  } finally {
    await killWorkers(workers);
  }
  return resultOf(name);
}

describeRedis('a run on a queue in Redis', () => {
  test.each([1, 2, 3])(
    'has the result of a local one, with %d workers',
    { timeout: 300_000 },
    async (processes) => {
      const server = await startRedis();
      try {
        expect(await runOnQueue(server, `redis ${processes}`, processes)).toBe(expected);
      } finally {
        await server.stop();
      }
    },
  );
});

describePostgres('a run on a queue in PostgreSQL', () => {
  test('has the result of a local one', { timeout: 300_000 }, async () => {
    const server = await startPostgres();
    try {
      expect(await runOnQueue(server, 'postgres', 2)).toBe(expected);
    } finally {
      await server.stop();
    }
  });
});
