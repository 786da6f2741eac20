import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { BullMQOtel } from 'bullmq-otel';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import { queueEvaluator, runQueueWorker } from '../../src/queue/index.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { dataset, evaluateAll, request } from '../fitness/requests.ts';
import { describeRedis, startRedis } from './servers.ts';

/** OpenTelemetry, which keeps the spans of this process. */
function startTelemetry(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  onTestFinished(async () => {
    propagation.disable();
    trace.disable();
    context.disable();
    await provider.shutdown();
  });
  return exporter;
}

describeRedis('OpenTelemetry through BullMQ', () => {
  test('follows a training from the coordinator to the worker', { timeout: 180_000 }, async () => {
    const server = await startRedis();
    onTestFinished(server.stop);
    const exporter = startTelemetry();
    const usual = { connection: server.url, dataRoot: temporaryFolder() };
    const open = queueEvaluator({ ...usual, telemetry: new BullMQOtel({ tracerName: 'coordinator' }) });
    const evaluator = await open({ dataset, engine: await openEngine() });
    const stop = new AbortController();
    const working = runQueueWorker({
      ...usual,
      telemetry: new BullMQOtel({ tracerName: 'worker' }),
      workers: 1,
      signal: stop.signal,
    });
    expect(await evaluateAll(evaluator, [request('one')])).toMatchObject([{ status: 'ok' }]);
    stop.abort();
    expect(await working).toMatchObject({ trained: 1, returned: 0 });
    await evaluator.close();

    const spanOf = (side: string, name: RegExp) => {
      return exporter
        .getFinishedSpans()
        .find((span) => span.instrumentationScope.name === side && name.test(span.name));
    };
    const added = spanOf('coordinator', /^addBulk/);
    const processed = spanOf('worker', /^process/);
    expect(added?.attributes['bullmq.job.bulk.count']).toBe(1);
    expect(processed?.spanContext().traceId).toBe(added?.spanContext().traceId);
  });
});
