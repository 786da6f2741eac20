import { expect, test } from 'vitest';
import { evaluate } from '../../src/fitness/evaluate.ts';
import { contentKey, type TrainingRequest } from '../../src/fitness/evaluation.ts';
import { parameterCount } from '../../src/network/describe.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { dataset, request } from './requests.ts';

test('an evaluation is the same every time, and its parts agree', async () => {
  const engine = await openEngine();
  const first = evaluate(engine, dataset, request('a'));
  expect(evaluate(engine, dataset, request('a'))).toEqual(first);
  if (first.status !== 'ok') throw new Error(first.message);
  expect(first.parameters).toBe(parameterCount(request('a').spec));
  expect(first.predictions).toHaveLength(request('a').validation.length);
  const right = [...request('a').validation].filter(
    (sample, place) => first.predictions[place] === dataset.labels[sample],
  );
  expect(first.accuracy).toBeCloseTo(right.length / first.predictions.length, 12);
  expect(first.error).toBe(1 - first.accuracy);
});

test('a loss that is not finite is a failed evaluation', async () => {
  const wild = request('wild');
  const evaluation = evaluate(await openEngine(), dataset, {
    ...wild,
    config: { ...wild.config, optimizer: 'sgd', learningRate: 1e30, schedule: 'constant', warmup: 0 },
  });
  expect(evaluation).toMatchObject({ status: 'failed', reason: 'diverged' });
});

test('the content key tells apart all that an evaluation depends on', () => {
  const base = request('a');
  const others: TrainingRequest[] = [
    request('b'),
    request('a', 12),
    { ...base, training: base.training.slice(1) },
    { ...base, validation: base.validation.slice(1) },
    { ...base, training: base.validation, validation: base.training },
    { ...base, config: { ...base.config, epochs: 3 } },
    { ...base, keepWeights: true },
  ];
  const keys = [
    ...[base, ...others].map((one) => contentKey(one, dataset.hash, 'fused')),
    contentKey(base, 'another', 'fused'),
    contentKey(base, dataset.hash, 'unfused'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(contentKey({ ...base, training: base.training.slice() }, dataset.hash, 'fused')).toBe(keys[0]);
});
