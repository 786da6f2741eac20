import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queueEvaluator, runQueueWorker } from '../../src/queue/index.ts';
import { checkEvaluator } from '../../src/testing/index.ts';
import { describePostgres, describeRedis, startPostgres, startRedis, type TestServer } from './servers.ts';

const kinds = [
  ['Redis', describeRedis, () => startRedis()],
  ['PostgreSQL', describePostgres, startPostgres],
] as const;

for (const [name, describeServer, start] of kinds) {
  describeServer(`a queue on ${name}`, () => {
    let server: TestServer;
    const dataRoot = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
    beforeAll(async () => {
      server = await start();
    });
    afterAll(async () => {
      await server?.stop();
      rmSync(dataRoot, { recursive: true, force: true });
    });

    test('conforms to what evopatch relies on in an evaluator', { timeout: 180_000 }, async () => {
      const connection = server.url;
      const stop = new AbortController();
      const worker = runQueueWorker({ connection, dataRoot, workers: 2, signal: stop.signal });
      const warnings: string[] = [];
      const onWarning = (message: string) => warnings.push(message);
      await checkEvaluator(queueEvaluator({ connection, dataRoot, onWarning }));
      stop.abort();
      expect((await worker).trained).toBeGreaterThan(12);
      expect(warnings).toEqual([]);
    });
  });
}
