import { beforeAll, describe, expect, it, test } from 'vitest';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { Session } from '../../src/nn/session.ts';
import { softenedTargets } from '../../src/nn/targets.ts';
import { termWeights } from '../../src/nn/teacher.ts';
import { openTeam } from '../../src/nn/team.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { allEngines, engineStep, randomBatch, randomSamples, randomWeights } from './harness.ts';
import { everyKind } from './networks.ts';

/** Has no penalties on the weights, which would count in both terms of the loss. */
const SPEC: NetworkSpec = {
  ...everyKind(),
  layers: everyKind().layers.map((layer) => (layer.kind === 'conv2d' ? { ...layer, l2: undefined } : layer)),
};
const IDLE = [0, 0, 0, 0, 0, 0, 0];

let engines: Engine[];
let engine: Engine;
beforeAll(async () => {
  engines = await allEngines();
  engine = await openEngine();
});

/** Makes a step with a teacher whose logits are those of another batch's targets. */
function taughtStep(on: Engine, distillation: { temperature: number; mixing: number; squared: boolean }) {
  const batch = randomBatch(SPEC, 32, 'student');
  const weights = randomWeights(on, SPEC, 'student');
  const logits = randomBatch(SPEC, 32, 'teacher').targets.map((p) => Math.log(p));
  const soft = softenedTargets({ logits, temperature: distillation.temperature }, SPEC.classes);
  const session = new Session(on, SPEC, 32, { optimizer: 'sgd', clip: false, teacher: true });
  session.setWeights(weights);
  session.setDistillation(distillation);
  const { samples, indices, views, targets, dropoutSeed } = batch;
  const loss = session.train(samples, indices, views, targets, IDLE, dropoutSeed, soft);
  const alone = engineStep(on, SPEC, weights, batch);
  const { temperature } = distillation;
  const taught = engineStep(on, SPEC, weights, { ...batch, targets: soft, temperature });
  return { loss, gradients: session.gradients(), alone, taught };
}

describe('loss and gradients are the weighted sum of both terms', () => {
  it.each([
    { temperature: 8, mixing: 0.5, squared: false },
    { temperature: 4, mixing: 0.3, squared: true },
    { temperature: 2, mixing: 1, squared: false },
    { temperature: 1, mixing: 0, squared: true },
  ])('%o', (distillation) => {
    const { temperature, mixing, squared } = distillation;
    const hard = 1 - mixing;
    const soft = squared ? mixing * temperature ** 2 : mixing;
    expect(termWeights(distillation)).toEqual({ hard, soft });
    for (const on of engines) {
      const { loss, gradients, alone, taught } = taughtStep(on, distillation);
      expect(loss).toBeCloseTo(hard * alone.loss + soft * taught.loss, 5);
      for (const [name, values] of gradients) {
        const [a, b] = [alone, taught].map((step) => step.gradients.get(name) as Float32Array);
        for (const [i, value] of values.entries()) {
          const wanted = hard * a[i] + soft * b[i];
          expect(Math.abs(value - wanted)).toBeLessThan(1e-4 + 1e-4 * Math.abs(wanted));
        }
      }
    }
  });
});

test('a temperature flattens a teacher, and a constant added to its logits changes nothing', () => {
  const logits = Float32Array.of(2, 0, -2, 5, 5, 1);
  const [sharp, flat] = [1, 4].map((temperature) => softenedTargets({ logits, temperature }, 3));
  const powers = [2, 0, -2].map((v) => Math.exp(v / 4));
  const sum = powers.reduce((a, b) => a + b, 0);
  for (const k of [0, 1, 2]) expect(flat[k]).toBeCloseTo(powers[k] / sum, 6);
  expect(sharp[0]).toBeGreaterThan(flat[0]);
  const moved = softenedTargets({ logits: logits.map((v) => v + 64), temperature: 4 }, 3);
  for (const [i, value] of moved.entries()) expect(value).toBeCloseTo(flat[i], 6);
});

test('with λ = 0 a student learns the same as without a teacher, bit for bit', () => {
  const samples = randomSamples(64, SPEC.frameSize, SPEC.classes, 'student');
  const training = Uint32Array.from({ length: 64 }, (_, i) => i);
  const source = { training, config: trainingConfig({ epochs: 2, batchSize: 32 }), seed: 'a' };
  const logits = new Float32Array(64 * SPEC.classes).map((_, i) => i % 5);
  const learn = (mixing?: number) => {
    const teacher =
      mixing === undefined ? undefined : { logits, hash: 'h', temperature: 4, mixing, squared: false };
    return trainNetwork(engine, SPEC, samples, { ...source, teacher });
  };
  expect(learn(0).network.weights).toEqual(learn().network.weights);
  expect(learn(0.5).network.weights).not.toEqual(learn().network.weights);
});

test('threads that share the steps of a student give the same bits', async () => {
  const shared = engines.find((one) => one.shared) as Engine;
  const team = await openTeam(shared, 2);
  const samples = randomSamples(96, SPEC.frameSize, SPEC.classes, 'student');
  const teacher = {
    logits: new Float32Array(96 * SPEC.classes).map((_, i) => i % 5),
    hash: 'h',
    temperature: 4,
    mixing: 0.7,
    squared: true,
  };
  const training = Uint32Array.from({ length: 96 }, (_, i) => i);
  const source = { training, config: trainingConfig({ epochs: 2, batchSize: 48 }), seed: 'a', teacher };
  const alone = trainNetwork(shared, SPEC, samples, source);
  const together = trainNetwork(shared, SPEC, samples, { ...source, team });
  await team?.close();
  expect(team).toBeDefined();
  expect(together.network.weights).toEqual(alone.network.weights);
  expect(together.history).toEqual(alone.history);
});
