import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../src/fitness/evaluate.ts';
import { contentKey, type Evaluation } from '../../src/fitness/evaluation.ts';
import { memoryStore } from '../../src/fitness/evaluation-store.ts';
import type { Evaluator } from '../../src/fitness/evaluator.ts';
import { inlineEvaluator } from '../../src/fitness/inline-evaluator.ts';
import { PoolEvaluator } from '../../src/fitness/pool-evaluator.ts';
import { storedEvaluator } from '../../src/fitness/stored-evaluator.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { dataset, evaluateAll, faultyRequest, request } from './requests.ts';

const pool = (engine: Engine, workers: number) =>
  new PoolEvaluator({
    dataset,
    engine: `${engine.name}:${engine.variant}`,
    workers,
    timeoutSeconds: 60,
    retries: 0,
  });

const stored = (inner: Evaluator, engine: Engine) =>
  storedEvaluator(inner, [memoryStore()], (one) => contentKey(one, dataset.hash, engine.numerics));

const kinds: [string, (engine: Engine) => Evaluator][] = [
  ['inline', (engine) => inlineEvaluator(dataset, engine)],
  ['pool of 1', (engine) => pool(engine, 1)],
  ['pool of 2', (engine) => pool(engine, 2)],
  ['pool of 3', (engine) => pool(engine, 3)],
  ['inline with a store', (engine) => stored(inlineEvaluator(dataset, engine), engine)],
  ['pool with a store', (engine) => stored(pool(engine, 2), engine)],
];

describe.each(kinds)('evaluator: %s', (_, create) => {
  const requests = [request('a'), request('b', 12), request('a'), request('c', 16), request('d')];
  const expected: Evaluation[] = [];
  let evaluator: Evaluator;
  beforeAll(async () => {
    const engine = await openEngine();
    for (const one of requests) expected.push(evaluate(engine, dataset, one));
    evaluator = create(engine);
  });
  afterAll(() => evaluator.close());

  test('reports every request once, with the very evaluation of a direct call', async () => {
    const reports = new Map<number, Evaluation>();
    let count = 0;
    for await (const { index, evaluation, seconds } of evaluator.evaluate(requests)) {
      reports.set(index, evaluation);
      count++;
      expect(seconds).toBeGreaterThanOrEqual(0);
    }
    expect(count).toBe(requests.length);
    expect(requests.map((_, index) => reports.get(index))).toEqual(expected);
    expect(expected[0]).toMatchObject({ status: 'ok' });
  });

  test('gives an empty list no reports', async () => {
    expect(await evaluateAll(evaluator, [])).toEqual([]);
  });

  test('keeps the weights where asked to', async () => {
    const [kept, dropped] = await evaluateAll(evaluator, [
      { ...request('weights'), keepWeights: true },
      request('weights'),
    ]);
    if (kept.status !== 'ok' || dropped.status !== 'ok') throw new Error('both must succeed');
    expect(kept.weights?.size).toBeGreaterThan(0);
    const { weights: _weights, ...rest } = kept;
    expect(dropped).toEqual(rest);
  });

  test('turns a faulty network into a failed evaluation that names the layer', async () => {
    const [first, faulty, last] = await evaluateAll(evaluator, [request('a'), faultyRequest(), request('d')]);
    expect(faulty).toMatchObject({ status: 'failed', reason: 'error' });
    expect(faulty).toHaveProperty('message', expect.stringContaining('lonely'));
    expect([first, last]).toEqual([expected[0], expected[4]]);
  });

  test('serves two lists at a time', async () => {
    const [one, other] = await Promise.all([
      evaluateAll(evaluator, requests.slice(0, 3)),
      evaluateAll(evaluator, requests.slice(3)),
    ]);
    expect([...one, ...other]).toEqual(expected);
  });

  test('refuses to start once aborted', async () => {
    const fresh = [request('never')];
    await expect(evaluateAll(evaluator, fresh, AbortSignal.abort())).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  test('stops when aborted, and goes on with the next list', async () => {
    const controller = new AbortController();
    const many = Array.from({ length: 20 }, (_, place) => request(`many ${place}`));
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { index } of evaluator.evaluate(many, { signal: controller.signal })) {
        seen.push(index);
        controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    expect(seen.length).toBeGreaterThanOrEqual(1);
    expect(seen.length).toBeLessThan(many.length);
    expect(await evaluateAll(evaluator, requests)).toEqual(expected);
  });

  test('lets go of a list that is not read to its end', async () => {
    const many = Array.from({ length: 20 }, (_, place) => request(`more ${place}`));
    for await (const _ of evaluator.evaluate(many)) break;
    expect(await evaluateAll(evaluator, requests)).toEqual(expected);
  });
});
