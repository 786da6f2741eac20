import type { Telemetry } from 'bullmq';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import { queueEvaluator, runQueueWorker } from '../../src/queue/index.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { dataset, evaluateAll, request } from '../fitness/requests.ts';
import { describeRedis, startRedis } from './servers.ts';

/** BullMQ's hook, which notes the names of the spans. */
function recorder(): { readonly spans: string[]; readonly telemetry: Telemetry<string> } {
  const spans: string[] = [];
  const span = {
    setSpanOnContext: (context: string) => context,
    setAttribute: () => undefined,
    setAttributes: () => undefined,
    addEvent: () => undefined,
    recordException: () => undefined,
    end: () => undefined,
  };
  const telemetry: Telemetry<string> = {
    tracer: {
      startSpan: (name) => {
        spans.push(name);
        return span;
      },
    },
    contextManager: {
      with: (_, work) => work(),
      active: () => 'context',
      getMetadata: () => 'metadata',
      fromMetadata: () => 'context',
    },
  };
  return { spans, telemetry };
}

describeRedis('BullMQ’s hook for telemetry', () => {
  test('hears of jobs on both sides', { timeout: 180_000 }, async () => {
    const server = await startRedis();
    onTestFinished(server.stop);
    const [coordinator, worker] = [recorder(), recorder()];
    const usual = { connection: server.url, dataRoot: temporaryFolder() };
    const open = queueEvaluator({ ...usual, telemetry: coordinator.telemetry });
    const evaluator = await open({ dataset, engine: await openEngine() });
    const stop = new AbortController();
    const working = runQueueWorker({
      ...usual,
      telemetry: worker.telemetry,
      workers: 1,
      signal: stop.signal,
    });
    expect(await evaluateAll(evaluator, [request('one')])).toMatchObject([{ status: 'ok' }]);
    stop.abort();
    expect(await working).toMatchObject({ trained: 1, returned: 0 });
    await evaluator.close();
    expect(coordinator.spans.some((name) => /add/i.test(name))).toBe(true);
    expect(worker.spans.some((name) => /process/i.test(name))).toBe(true);
  });
});
