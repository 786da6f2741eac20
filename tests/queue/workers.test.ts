import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { VERSION } from '../../src/core/version.ts';
import { evaluate } from '../../src/fitness/evaluate.ts';
import type { TrainingRequest } from '../../src/fitness/evaluation.ts';
import type { Evaluator } from '../../src/fitness/evaluator.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { queueNameOf } from '../../src/queue/identity.ts';
import { type QueueWorkerOptions, queueEvaluator } from '../../src/queue/index.ts';
import { dataset, evaluateAll, faultyRequest, request } from '../fitness/requests.ts';
import { describeRedis, startRedis, type TestServer } from './servers.ts';
import { killWorkers, startWorker, type WorkerProcess } from './workers.ts';

const workerFile = fileURLToPath(new URL('./fault-worker.js', import.meta.url));
/** Under load a process takes seconds to start. */
const TIME = { timeout: 180_000 };
const QUEUE = queueNameOf({ version: VERSION, numerics: 'fused', format: 1 });

describeRedis('workers of a queue', () => {
  let server: TestServer;
  let engine: Engine;
  let queue: Queue;
  let dataRoot: string;
  let evaluator: Evaluator;
  let warnings: string[];
  const workers: WorkerProcess[] = [];

  beforeAll(async () => {
    server = await startRedis();
    engine = await openEngine();
    queue = new Queue(QUEUE, { connection: { port: server.port, host: '127.0.0.1' } });
  });
  afterAll(async () => {
    await queue?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    dataRoot = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
    warnings = [];
    const onWarning = (message: string) => warnings.push(message);
    evaluator = await queueEvaluator({ connection: server.url, dataRoot, onWarning })({ dataset, engine });
  });
  afterEach(async () => {
    await killWorkers(workers.splice(0));
    await evaluator.close();
    await queue.obliterate({ force: true });
    rmSync(dataRoot, { recursive: true, force: true });
  });

  const start = (
    options: Partial<QueueWorkerOptions> = {},
    environment?: NodeJS.ProcessEnv,
  ): WorkerProcess => {
    const usual = { connection: server.url, dataRoot, workers: 1, workerFile, lockMilliseconds: 1000 };
    const worker = startWorker({ ...usual, ...options }, environment);
    workers.push(worker);
    return worker;
  };
  /** Waits until some job is being trained. */
  const untilActive = async () => {
    while ((await queue.getActiveCount()) === 0) await sleep(20);
  };
  const expected = (one: TrainingRequest) => evaluate(engine, dataset, one);
  const evaluateOne = async (one: TrainingRequest) => (await evaluateAll(evaluator, [one]))[0];

  test('a training of many lock times is delivered once: the event loop renews the lock', TIME, async () => {
    start();
    start();
    const slow = request('slow 6000');
    expect(await evaluateOne(slow)).toEqual(expected(slow));
    const [job] = await queue.getCompleted();
    expect(job).toMatchObject({ attemptsStarted: 1, stalledCounter: 0 });
  });

  test('a killed worker’s training goes to another', TIME, async () => {
    const first = start();
    const slow = request('slow 3000');
    const answer = evaluateOne(slow);
    await untilActive();
    first.child.kill('SIGKILL');
    start();
    expect(await answer).toEqual(expected(slow));
    const [job] = await queue.getCompleted();
    expect(job.attemptsStarted).toBe(2);
  });

  test('a poisoned training fails alone, however many workers it kills', TIME, async () => {
    let supervised = true;
    const supervisor = (async () => {
      while (supervised) await start().ended;
    })();
    const good = request('good');
    const answers = await evaluateAll(evaluator, [request('poison'), good, faultyRequest()]);
    supervised = false;
    await killWorkers(workers);
    await supervisor;
    expect(answers[0]).toMatchObject({
      status: 'failed',
      reason: 'crash',
      message: expect.stringContaining('stalled'),
    });
    expect(answers[1]).toEqual(expected(good));
    expect(answers[2]).toEqual(expected(faultyRequest()));
    expect(await queue.getFailedCount()).toBe(0); // so that it can be attempted another time
  });

  test.each([
    ['the same', 'slow 2000', false],
    ['another', 'wrong 2000', true],
  ])('a duplicate delivery with %s result: the first one counts', TIME, async (_, seed, differs) => {
    const first = start();
    const one = request(seed);
    const answer = evaluateOne(one);
    await untilActive();
    first.child.kill('SIGSTOP'); // as a machine that is asleep
    start({ workerFile: undefined });
    expect(await answer).toEqual(expected(one));
    first.child.kill('SIGCONT');
    if (differs) {
      await first.said('another result here than on the worker before');
      while (warnings.length === 0) await sleep(20);
    } else {
      while (!/lock|Missing/.test(first.output())) await sleep(20); // it had a result, and the queue refused it
    }
    expect(warnings.some((warning) => warning.includes('different results'))).toBe(differs);
    expect(first.output().includes('another result')).toBe(differs);
  });

  test.each([
    ['finishes', 10_000, { trained: 1, returned: 0 }],
    ['returns', 100, { trained: 0, returned: 1 }],
  ])('a worker that is told to end %s its training', TIME, async (_, graceMilliseconds, report) => {
    const first = start({ graceMilliseconds });
    const slow = request('slow 3000');
    const answer = evaluateOne(slow);
    await untilActive();
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(JSON.parse(first.output().trimEnd().split('\n').at(-1) as string)).toEqual({
      queue: QUEUE,
      ...report,
    });
    if (report.returned > 0) {
      expect(await queue.getWaitingCount()).toBe(1);
      start();
    }
    expect(await answer).toEqual(expected(slow));
  });

  test('a worker that rounds differently takes no job and says so', TIME, async () => {
    const one = request('one');
    const answer = evaluateOne(one);
    const other = start({ engine: 'wasm:simd' });
    await other.said(`takes no job of the runs of evopatch ${VERSION} (fused`);
    expect(await queue.getWaitingCount()).toBe(1);
    start();
    expect(await answer).toEqual(expected(one));
    other.child.kill('SIGTERM');
    expect(await other.ended).toBe(0);
    expect(other.output()).toContain('"trained":0');
  });

  test(
    'a worker refuses faces that are not what their hash promises, and another one trains',
    TIME,
    async () => {
      for (const name of readdirSync(join(dataRoot, 'data'))) {
        writeFileSync(join(dataRoot, 'data', name), 'other faces');
      }
      const first = start();
      const one = request('one');
      const answer = evaluateOne(one);
      expect(await first.ended).toBe(1);
      expect(first.output()).toContain('INVALID_DATA');
      expect(first.output()).toContain('does not have the promised hash');
      rmSync(join(dataRoot, 'data'), { recursive: true });
      const again = await queueEvaluator({ connection: server.url, dataRoot })({ dataset, engine });
      start();
      expect((await evaluateAll(again, [one]))[0]).toEqual(expected(one));
      await again.close();
      expect(await answer).toEqual(expected(one));
    },
  );
});
