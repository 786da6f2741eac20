import { expect, it } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import { MovingAverage } from '../../src/nn/moving-average.ts';
import { Training } from '../../src/nn/training.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { randomSamples } from './harness.ts';
import { plainNetwork } from './networks.ts';

const one = (value: number) => new Map([['a/weights', Float32Array.of(value)]]);

it('moves by (1 + steps) / (10 + steps) first, by its decay then', () => {
  const average = new MovingAverage(0.5, one(0));
  const seen = [1, 2, 3].map(() => 0);
  let expected = 0;
  for (const [i] of seen.entries()) {
    average.add(one(1), i + 1);
    expected += (1 - (2 + i) / (11 + i)) * (1 - expected);
    expect(average.weights.get('a/weights')?.[0]).toBeCloseTo(expected, 6);
  }
  average.add(one(1), 1000);
  expect(average.weights.get('a/weights')?.[0]).toBeCloseTo(expected + 0.5 * (1 - expected), 6);
});

it('copies its start', () => {
  const start = one(3);
  const average = new MovingAverage(0.9, start);
  const before = average.copy();
  average.add(one(0), 1);
  expect(start).toEqual(one(3));
  expect(before).toEqual(one(3));
});

it('predicts instead of the weights, from which training continues', async () => {
  const samples = randomSamples(64, 8, 3, 'average');
  const all = Uint32Array.from({ length: 64 }, (_, i) => i);
  const engine = await openEngine();
  const [plain, averaged] = [0, 0.9].map((averaging) => {
    const config = trainingConfig({ epochs: 2, batchSize: 16, averaging });
    const training = new Training(engine, plainNetwork(8, 3), samples, { training: all, config, seed: 'a' });
    while (!training.finished) {
      while (training.step());
      training.measure(all);
      training.endEpoch();
    }
    return training;
  });
  expect(averaged.state()).toEqual(plain.state());
  expect(averaged.weights()).toEqual(averaged.progress().average);
  expect(averaged.weights()).not.toEqual(plain.weights());
  expect(averaged.measure(all).loss).not.toBe(plain.measure(all).loss);
});
