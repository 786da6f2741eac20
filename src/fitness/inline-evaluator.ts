import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../data/dataset.ts';
import type { Engine } from '../nn/engine.ts';
import { evaluate } from './evaluate.ts';
import { abortedError, type EvaluationReport, type Evaluator } from './evaluator.ts';

/** Evaluates one request after another in the calling thread, which each evaluation blocks. */
export function inlineEvaluator(dataset: Dataset, engine: Engine): Evaluator {
  return {
    async *evaluate(requests, { signal } = {}): AsyncGenerator<EvaluationReport> {
      for (const [index, request] of requests.entries()) {
        await setImmediate(); // lets timers and aborts run
        if (signal?.aborted) throw abortedError(signal);
        const start = performance.now();
        const evaluation = evaluate(engine, dataset, request);
        yield { index, evaluation, seconds: (performance.now() - start) / 1000 };
      }
    },
    parallelism: 1,
    async close() {},
  };
}
