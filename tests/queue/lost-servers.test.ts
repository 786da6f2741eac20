import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { evolvePatches } from '../../src/evolution/evolve-patches.ts';
import { queueEvaluator } from '../../src/queue/index.ts';
import { timeless, tinyRun } from '../evolution/running.ts';
import { describePostgres, describeRedis, startPostgres, startRedis, type TestServer } from './servers.ts';
import { killWorkers, startWorker } from './workers.ts';

const TIME = { timeout: 300_000 };
const KILLS = 4;

const folder = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
let expected: string;
beforeAll(async () => {
  expected = timeless(await evolvePatches(tinyRun));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs on a queue with two workers and, meanwhile, disturbs it. */
async function disturbedRun(
  { url: connection }: TestServer,
  disturb: (
    evaluations: () => number,
    workers: ReturnType<typeof startWorker>[],
    start: () => void,
  ) => Promise<void>,
): Promise<string> {
  const dataRoot = mkdtempSync(join(folder, 'data '));
  const workers: ReturnType<typeof startWorker>[] = [];
  const start = () => workers.push(startWorker({ connection, dataRoot, workers: 1, lockMilliseconds: 1000 }));
  start();
  start();
  let evaluations = 0;
  const running = evolvePatches({
    ...tinyRun,
    evaluator: queueEvaluator({ connection, dataRoot, onWarning: () => undefined }),
    onEvent: ({ type }) => {
      if (type === 'evaluation') evaluations++;
    },
  });
  try {
    await Promise.race([running, disturb(() => evaluations, workers, start)]);
    return timeless(await running);
  } finally {
    await killWorkers(workers);
  }
}

const reached = async (evaluations: () => number, number: number) => {
  while (evaluations() < number) await sleep(10);
};

describeRedis('a run on a queue in Redis', () => {
  test(`ends alike though workers are killed at ${KILLS} random moments`, TIME, async () => {
    const server = await startRedis();
    const random = randomStream('moments of workers');
    const result = await disturbedRun(server, async (evaluations, workers, start) => {
      for (let kill = 0; kill < KILLS; kill++) {
        await reached(evaluations, 3 * (kill + 1));
        await sleep(random.integer(0, 300));
        const [victim] = workers.splice(random.integer(0, workers.length - 1), 1);
        await killWorkers([victim]);
        start();
      }
    });
    expect(result).toBe(expected);
    await server.stop();
  });

  test('ends alike though the server is killed and comes back', TIME, async () => {
    const server = await startRedis();
    const result = await disturbedRun(server, async (evaluations) => {
      for (const number of [2, 10]) {
        await reached(evaluations, number);
        await server.restart();
      }
    });
    expect(result).toBe(expected);
    await server.stop();
  });

  test('ends alike though the server comes back without what it knew', TIME, async () => {
    const server = await startRedis('--appendonly', 'no');
    const result = await disturbedRun(server, async (evaluations) => {
      await reached(evaluations, 2);
      await server.restart();
    });
    expect(result).toBe(expected);
    await server.stop();
  });
});

describePostgres('a run on a queue in PostgreSQL', () => {
  test('ends alike though a worker and the server are killed', TIME, async () => {
    const server = await startPostgres();
    const result = await disturbedRun(server, async (evaluations, workers, start) => {
      await reached(evaluations, 2);
      await killWorkers(workers.splice(0, 1));
      start();
      await reached(evaluations, 8);
      await server.restart();
    });
    expect(result).toBe(expected);
    await server.stop();
  });
});
