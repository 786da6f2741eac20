import { expect, it } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { LANES } from '../../src/nn/layout.ts';
import { Session } from '../../src/nn/session.ts';
import { trainingTargets } from '../../src/nn/targets.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { allEngines, randomSamples } from './harness.ts';
import { plainNetwork } from './networks.ts';

const SIDE = 8;
const COUNT = 192;
const SPEC = plainNetwork(SIDE, 3);
const all = Uint32Array.from({ length: COUNT }, (_, i) => i);

/** Noise; of four samples, two are of class 0, one of class 1 and one of class 2, but class 2 lacks in every other four. */
function unequal() {
  const labels = Uint8Array.from(all, (i) => [0, 0, 1, i % 8 === 3 ? 2 : 0][i % 4]);
  return { ...randomSamples(COUNT, SIDE, 3, 'unequal'), labels };
}

it('gives all classes the same sum of weights, 1 per sample on average', () => {
  const samples = unequal();
  const config = trainingConfig({ epochs: 1, classWeights: 'balanced', labelSmoothing: 0.1 });
  const targets = trainingTargets(samples, all, config);
  const sums = [0, 0, 0];
  samples.labels.forEach((label, i) => {
    sums[label] += targets.subarray(3 * i, 3 * i + 3).reduce((a, b) => a + b, 0);
  });
  for (const sum of sums) expect(sum).toBeCloseTo(COUNT / 3, 3);
});

it('multiplies loss and gradient of a sample by its weight, exactly, on every engine', async () => {
  const samples = unequal();
  const indices = all.subarray(0, LANES);
  const targets = trainingTargets(samples, all, trainingConfig({ epochs: 1 })).subarray(0, 48);
  for (const engine of await allEngines()) {
    const [once, twice] = [1, 2].map((weight) => {
      const session = new Session(engine, SPEC, LANES, { optimizer: 'sgd', clip: false });
      session.setWeights(initialWeights(session.plan.parameters.parameters, 'a'));
      const views = Array.from(indices, () => ({ shiftX: 0, shiftY: 0, flip: false }));
      const weighted = targets.map((target) => weight * target);
      const loss = session.train(samples, indices, views, weighted, [0, 0, 0, 1, 1, 1, 0], 0);
      return { loss, gradient: session.gradients().get('logits/weights') as Float32Array };
    });
    expect(twice.loss).toBe(2 * once.loss);
    expect(twice.gradient).toEqual(once.gradient.map((value) => 2 * value));
    expect(once.gradient.some((value) => value !== 0)).toBe(true);
  }
});

it('makes a network that learns nothing predict all classes as equally likely', async () => {
  const samples = unequal();
  samples.frames.fill(100);
  const engine = await openEngine();
  const config = trainingConfig({
    epochs: 30,
    batchSize: 32,
    learningRate: 0.01,
    flip: false,
    weightDecay: 0,
  });
  const shares = [undefined, 'balanced' as const].map((classWeights) => {
    const options = { training: all, config: { ...config, classWeights }, seed: 'a' };
    return Array.from(
      trainNetwork(engine, SPEC, samples, options).network.predict(samples, all.subarray(0, 1)),
    );
  });
  const wanted = [
    [5 / 8, 1 / 4, 1 / 8],
    [1 / 3, 1 / 3, 1 / 3],
  ];
  wanted.flat().forEach((share, i) => {
    expect(Math.abs(shares.flat()[i] - share)).toBeLessThan(0.06);
  });
});
