import { expect, test } from 'vitest';
import { evaluate } from '../../src/fitness/evaluate.ts';
import { PoolEvaluator } from '../../src/fitness/pool-evaluator.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { dataset, request } from './requests.ts';

const open = (engine: string) =>
  new PoolEvaluator({ dataset, engine, workers: 3, timeoutSeconds: 60, retries: 0, minSharedMacs: 0 });

test('idle threads help with the remaining trainings, and the evaluations stay the same', async () => {
  const engine = await openEngine();
  const pool = open(`${engine.name}:${engine.variant}`);
  try {
    for (const requests of [[request('a', 32)], [request('b', 16), request('c', 32)], [request('d')]]) {
      for await (const { index, evaluation } of pool.evaluate(requests, { alone: true })) {
        expect(evaluation).toEqual(evaluate(engine, dataset, requests[index]));
      }
    }
  } finally {
    await pool.close();
  }
});

test('a training on several threads can be stopped, and the pool continues', async () => {
  const engine = await openEngine();
  const pool = open(`${engine.name}:${engine.variant}`);
  const stop = new AbortController();
  const endless = request('long');
  const stages = [{ ...endless.stages[0], config: { ...endless.stages[0].config, epochs: 10_000 } }];
  try {
    setTimeout(() => stop.abort(), 1500);
    const reading = async () => {
      for await (const _ of pool.evaluate([{ ...endless, stages }], { alone: true, signal: stop.signal }));
    };
    await expect(reading()).rejects.toMatchObject({ code: 'ABORTED' });
    for await (const { evaluation } of pool.evaluate([request('after')], { alone: true })) {
      expect(evaluation).toEqual(evaluate(engine, dataset, request('after')));
    }
  } finally {
    await pool.close();
  }
});
