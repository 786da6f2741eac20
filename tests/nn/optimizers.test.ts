import { beforeAll, describe, expect, it } from 'vitest';
import { conv2d, crop, dense, flatten, normalization, relu } from '../../src/network/notation.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { Session, type Weights } from '../../src/nn/session.ts';
import { allEngines, engineStep, largestDifference, randomBatch, randomWeights } from './harness.ts';
import { network } from './specs.ts';

const SPEC = network(8, 3, {
  face: crop(8, 7),
  conv: conv2d(5, 3, { bias: false }), // ahead of normalisation a bias would not move
  norm: normalization('block'),
  bend: relu(),
  flat: flatten(),
  logits: dense(3),
});
const STEPS = 5;
const RATE = 0.01;
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;
const DECAY = 0.1;

let engines: Engine[];

beforeAll(async () => {
  engines = await allEngines();
});

/** Updates a weight; `state` holds its moments. */
type Rule = (weight: number, gradient: number, state: number[], step: number, decay: number) => number;

const adamw: Rule = (weight, gradient, state, step, decay) => {
  state[0] = BETA1 * (state[0] ?? 0) + (1 - BETA1) * gradient;
  state[1] = BETA2 * (state[1] ?? 0) + (1 - BETA2) * gradient * gradient;
  const first = state[0] / (1 - BETA1 ** step);
  const second = state[1] / (1 - BETA2 ** step);
  return weight - RATE * decay * weight - (RATE * first) / (Math.sqrt(second) + EPSILON);
};

const nesterov: Rule = (weight, gradient, state, _, decay) => {
  state[0] = BETA1 * (state[0] ?? 0) + gradient;
  return weight - RATE * decay * weight - RATE * (gradient + BETA1 * state[0]);
};

describe.each([
  ['adamw', adamw],
  ['sgd', nesterov],
] as const)('%s', (optimizer, rule) => {
  it('moves weights as its formula says, and decays only weights', () => {
    for (const engine of engines) {
      const session = new Session(engine, SPEC, 32, { optimizer, clip: false });
      session.setWeights(randomWeights(engine, SPEC, 'weights'));
      session.configure({ clipNorm: 0, temperature: 1 });
      const memory = new Map<string, number[][]>();
      for (let step = 1; step <= STEPS; step++) {
        const before = session.weights();
        const { samples, indices, views, targets } = randomBatch(SPEC, 32, `step ${step}`);
        const corrections = [1 / (1 - BETA1 ** step), 1 / (1 - BETA2 ** step)];
        const settings = [RATE, BETA1, BETA2, EPSILON, ...corrections, DECAY];
        session.train(samples, indices, views, targets, settings, 0);
        const after = session.weights();
        for (const [name, gradient] of session.gradients()) {
          const states = memory.get(name) ?? Array.from(gradient, () => []);
          memory.set(name, states);
          const decay = name.endsWith('/weights') ? DECAY : 0;
          const old = before.get(name) ?? [];
          const expected = Array.from(gradient, (g, i) => rule(old[i], g, states[i], step, decay));
          expect(largestDifference(after.get(name), expected), `${name} at ${step}`).toBeLessThan(2e-6);
          expect(largestDifference(after.get(name), old), `${name} moved`).toBeGreaterThan(1e-5);
        }
      }
    }
  });
});

describe('clipping', () => {
  const norm = (gradients: Weights) =>
    Math.sqrt([...gradients.values()].flatMap((values) => [...values]).reduce((sum, g) => sum + g * g, 0));

  function clipped(engine: Engine, clipNorm: number): Map<string, Float32Array> {
    const session = new Session(engine, SPEC, 32, { optimizer: 'sgd', clip: true });
    session.setWeights(randomWeights(engine, SPEC, 'weights'));
    session.configure({ clipNorm, temperature: 1 });
    const { samples, indices, views, targets } = randomBatch(SPEC, 32, 'batch');
    session.train(samples, indices, views, targets, [0, 0, 0, 0, 0, 0, 0], 0);
    return session.gradients();
  }

  it('scales a gradient that is too long to the limit, and no other', () => {
    for (const engine of engines) {
      const { gradients } = engineStep(
        engine,
        SPEC,
        randomWeights(engine, SPEC, 'weights'),
        randomBatch(SPEC, 32, 'batch'),
      );
      const length = norm(gradients);
      expect(clipped(engine, length * 1.01)).toEqual(gradients);
      const short = clipped(engine, length / 4);
      expect(norm(short)).toBeCloseTo(length / 4, 5);
      for (const [name, values] of gradients) {
        const expected = values.map((g) => g / 4);
        expect(largestDifference(short.get(name), expected), name).toBeLessThan(1e-6 * length);
      }
    }
  });
});
