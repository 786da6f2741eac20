import { expect, test } from 'vitest';
import { evaluate } from '../../src/fitness/evaluate.ts';
import { contentKey, type TrainingRequest } from '../../src/fitness/evaluation.ts';
import { parameterCount } from '../../src/network/describe.ts';
import { openEngine } from '../../src/nn/engine.ts';
import type { TrainingConfig } from '../../src/nn/training-config.ts';
import { dataset, request } from './requests.ts';

test('an evaluation is the same every time, and its parts agree', async () => {
  const engine = await openEngine();
  const first = evaluate(engine, dataset, request('a'));
  expect(evaluate(engine, dataset, request('a'))).toEqual(first);
  if (first.status !== 'ok') throw new Error(first.message);
  expect(first.parameters).toBe(parameterCount(request('a').spec));
  expect(first.predictions).toHaveLength(request('a').validation.length);
  const right = [...request('a').validation].filter(
    (sample, index) => first.predictions[index] === dataset.labels[sample],
  );
  expect(first.accuracy).toBeCloseTo(right.length / first.predictions.length, 12);
  expect(first.error).toBe(1 - first.accuracy);
});

test('a loss that is not finite is a failed evaluation', async () => {
  const wild = request('wild');
  const evaluation = evaluate(
    await openEngine(),
    dataset,
    changed(wild, { optimizer: 'sgd', learningRate: 1e30, schedule: 'constant', warmup: 0 }),
  );
  expect(evaluation).toMatchObject({ status: 'failed', reason: 'diverged' });
});

test('the content key depends on everything that an evaluation depends on', () => {
  const base = request('a');
  const [{ training, config }] = base.stages;
  const others: TrainingRequest[] = [
    request('b'),
    request('a', 12),
    { ...base, stages: [{ training: training.slice(1), config }] },
    { ...base, stages: [...base.stages, ...base.stages] },
    { ...base, validation: base.validation.slice(1) },
    { ...base, stages: [{ training: base.validation, config }], validation: training },
    changed(base, { epochs: 3 }),
    { ...base, keepWeights: true },
  ];
  const keys = [
    ...[base, ...others].map((one) => contentKey(one, dataset.hash, 'fused')),
    contentKey(base, 'another', 'fused'),
    contentKey(base, dataset.hash, 'unfused'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  const same = { ...base, stages: [{ training: training.slice(), config }] };
  expect(contentKey(same, dataset.hash, 'fused')).toBe(keys[0]);
});

test.each(['adamw', 'sgd'] as const)(
  'a training that goes on equals one that never stopped, %s',
  async (optimizer) => {
    const engine = await openEngine();
    const base = changed(request('stages'), { optimizer });
    const [{ training, config }] = base.stages;
    const later = [
      { training: training.subarray(0, 48), config: { ...config, epochs: 1 } },
      { training, config: { ...config, epochs: 3, flip: true, shift: 1 } },
    ];
    const whole = { ...base, stages: [...base.stages, ...later], keepWeights: true };
    const unbroken = evaluate(engine, dataset, whole);
    let done: TrainingRequest['done'];
    for (let stages = 1; stages < 3; stages++) {
      const part = { ...base, stages: whole.stages.slice(0, stages), keepState: true, done };
      const evaluation = evaluate(engine, dataset, part);
      expect(evaluation).not.toEqual(unbroken);
      if (evaluation.status === 'ok' && evaluation.state)
        done = { stages, state: structuredClone(evaluation.state) };
    }
    expect(unbroken.status).toBe('ok');
    expect(evaluate(engine, dataset, { ...whole, done })).toEqual(unbroken);
    const key = contentKey(whole, dataset.hash, 'fused');
    expect(contentKey({ ...whole, done, keepState: true }, dataset.hash, 'fused')).toBe(key);
  },
);

function changed(base: TrainingRequest, config: Partial<TrainingConfig>): TrainingRequest {
  return {
    ...base,
    stages: base.stages.map((stage) => ({ ...stage, config: { ...stage.config, ...config } })),
  };
}
