import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evaluate } from '../../src/fitness/evaluate.ts';
import { PoolEvaluator, type PoolOptions } from '../../src/fitness/pool-evaluator.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { dataset, evaluateAll, request } from './requests.ts';

const faultWorker = fileURLToPath(new URL('./fault-worker.js', import.meta.url));

describe('a pool whose threads fail', () => {
  let folder: string;
  let evaluator: PoolEvaluator | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  });
  afterEach(async () => {
    await evaluator?.close();
    await rm(folder, { recursive: true });
  });

  async function createPool(options: Partial<PoolOptions> = {}) {
    const engine = await openEngine();
    evaluator = new PoolEvaluator({
      dataset,
      engine: `${engine.name}:${engine.variant}`,
      workers: 2,
      timeoutSeconds: 30,
      retries: 0,
      workerFile: faultWorker,
      ...options,
    });
    return { engine, evaluator };
  }

  test.each([
    { fault: 'exit', reason: 'crash', message: 'worker exited with code: 3' },
    { fault: 'throw', reason: 'crash', message: 'an uncaught error' },
    { fault: 'allocate', reason: 'out-of-memory', message: 'memory limit' },
    { fault: 'loop', reason: 'time-out', message: 'longer than 1.5 s' },
  ])('gives up on $fault alone, as $reason', async ({ fault, reason, message }) => {
    const { engine, evaluator } = await createPool({
      timeoutSeconds: fault === 'loop' ? 1.5 : 30,
      resourceLimits: { maxOldGenerationSizeMb: 48 },
    });
    const good = [request('a'), request('b', 12), request('c'), request('d')];
    const all = [good[0], request(fault), ...good.slice(1)];
    const [first, failed, ...others] = await evaluateAll(evaluator, all);
    expect(failed).toMatchObject({ status: 'failed', reason, message: expect.stringContaining(message) });
    const expected = good.map((one) => evaluate(engine, dataset, one));
    expect([first, ...others]).toEqual(expected);
  });

  test.each(['exit', 'allocate', 'loop'])('tries again after %s with the usual result', async (fault) => {
    const seed = `${fault} ${join(folder, 'suffered')}`;
    const { engine, evaluator } = await createPool({
      workers: 1,
      retries: 1,
      timeoutSeconds: fault === 'loop' ? 1.5 : 30,
      resourceLimits: { maxOldGenerationSizeMb: 48 },
    });
    expect(await evaluateAll(evaluator, [request(seed)])).toEqual([evaluate(engine, dataset, request(seed))]);
  });

  test('counts the time from the start of a task, not from its queueing', async () => {
    const { evaluator } = await createPool({ workers: 1, timeoutSeconds: 1 });
    const [stuck, ...waited] = await evaluateAll(evaluator, [
      request('loop', 24), // the costliest goes first, and keeps the others waiting for longer than the limit
      request('a'),
      request('b'),
    ]);
    expect(stuck).toMatchObject({ status: 'failed', reason: 'time-out' });
    expect(waited.map(({ status }) => status)).toEqual(['ok', 'ok']);
  });

  test('ends a stuck thread when aborted', async () => {
    const { evaluator } = await createPool();
    const controller = new AbortController();
    const stuck = evaluateAll(evaluator, [request('loop'), request('loop', 12)], controller.signal);
    setTimeout(() => controller.abort(), 300);
    await expect(stuck).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await evaluateAll(evaluator, [request('a')])).toMatchObject([{ status: 'ok' }]);
  });

  test('can be aborted while the answer of an ended thread is on its way', async () => {
    const { evaluator } = await createPool();
    const requests = [request('a'), request('b'), request('c'), request('d')];
    for (let round = 0; round < 5; round++) {
      const controller = new AbortController();
      const reading = (async () => {
        for await (const _ of evaluator.evaluate(requests, { signal: controller.signal })) {
          const busy = performance.now() + 100; // meanwhile the other thread answers, unheard
          while (performance.now() < busy);
          controller.abort();
        }
      })();
      await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    }
    expect(await evaluateAll(evaluator, requests)).toMatchObject(requests.map(() => ({ status: 'ok' })));
  });

  test('ends running lists, and refuses new ones, when it is closed', async () => {
    const { evaluator } = await createPool();
    const stuck = evaluateAll(evaluator, [request('loop')]);
    setTimeout(() => evaluator.close(), 100);
    await expect(stuck).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(evaluateAll(evaluator, [request('a')])).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('reports that its threads cannot start', async () => {
    const { evaluator } = await createPool({ workers: 1, retries: 2, workerFile: folder });
    await expect(evaluateAll(evaluator, [request('a')])).rejects.toMatchObject({ code: 'EVALUATION_FAILED' });
  });
});
