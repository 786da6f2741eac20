import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { queueEvaluator } from '../../src/queue/index.ts';
import { dataset, request } from '../fitness/requests.ts';
import { describeRedis, startRedis } from './servers.ts';
import { killWorkers, startWorker } from './workers.ts';

/** After 3,000 the memory stays: as many jobs are kept, finished or not. */
const EVALUATIONS = Number(process.env.EVALUATIONS ?? 3_500);
const MEGABYTE = 2 ** 20;

describeRedis('a queue in Redis', () => {
  test(`takes 64 MB for ${EVALUATIONS} trainings, and a limited number of calls for each`, {
    timeout: 600_000,
  }, async () => {
    const server = await startRedis('--appendonly', 'no');
    const redis = new Redis(server.port, '127.0.0.1');
    const dataRoot = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
    const connection = server.url;
    const figure = async (section: string, name: string) => {
      return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(await redis.info(section))?.[1]);
    };
    const onWarning = () => undefined;
    const evaluator = await queueEvaluator({ connection, dataRoot, onWarning })({
      dataset,
      engine: await openEngine(),
    });
    const bounds = parseGenomeBounds({ classes: 7 });
    const specs = Array.from({ length: 100 }, (_, index) =>
      toNetworkSpec(randomGenome(bounds, randomStream('redis load', index)), bounds),
    );
    const requests = Array.from({ length: EVALUATIONS }, (_, index) => {
      return { ...request(`${index}`), spec: specs[index % specs.length] };
    });
    const workerFile = fileURLToPath(new URL('./instant-worker.js', import.meta.url));
    const workers = [startWorker({ connection, dataRoot, workers: 2, workerFile })];
    let done = 0;
    let most = 0;
    const measure = setInterval(async () => {
      most = Math.max(most, await figure('memory', 'used_memory'));
    }, 200);
    for await (const { evaluation } of evaluator.evaluate(requests)) {
      expect(evaluation.status).toBe('failed');
      done++;
    }
    clearInterval(measure);
    expect(done).toBe(EVALUATIONS);
    expect(most).toBeGreaterThan(MEGABYTE);
    expect(most).toBeLessThan(64 * MEGABYTE);
    expect(await redis.dbsize()).toBeLessThan(3_100);
    const calls = await figure('stats', 'total_commands_processed');
    expect(calls / EVALUATIONS).toBeLessThan(100);
    await evaluator.close();
    await killWorkers(workers);
    redis.disconnect();
    await server.stop();
    rmSync(dataRoot, { recursive: true, force: true });
  });
});
