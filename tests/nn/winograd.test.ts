import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentKey, type TrainingRequest } from '../../src/fitness/evaluation.ts';
import { conv2d, crop, dense, flatten, globalPool, relu, resize } from '../../src/network/notation.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { planNetwork } from '../../src/nn/plan.ts';
import { Session } from '../../src/nn/session.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig, trainingConfigSchema } from '../../src/nn/training-config.ts';
import { zooNetwork } from '../../src/zoo/zoo.ts';
import {
  allEngines,
  bitsOf,
  engineStep,
  expectLikeReference,
  randomBatch,
  randomSamples,
  randomWeights,
  steadyCase,
} from './harness.ts';
import { wideNetwork } from './networks.ts';
import { network } from './specs.ts';

const NETWORKS = 12;
/** Transforms round more than the sum of nine products. */
const TOLERANCE = 5e-5;

let engines: Engine[];

beforeAll(async () => {
  engines = await allEngines();
});

const side = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 7, max: 8 }));
const channels = fc.integer({ min: 14, max: 24 });
const layer = fc.record({
  filters: channels,
  padding: fc.constantFrom('same' as const, 'valid' as const),
  bias: fc.boolean(),
  bend: fc.boolean(),
});

/** Two convolutions of 3×3 on a map of any sides, the second on the first. */
const anyWideNetwork = fc
  .record({ height: side, width: side, inputs: channels, first: layer, second: layer })
  .filter(({ height, width, first, second }) => {
    const rim = [first, second].filter(({ padding }) => padding === 'valid').length;
    return Math.min(height, width) > 2 * rim;
  })
  .map(({ height, width, inputs, first, second }) =>
    network(14, 3, {
      face: crop(width, height, { x: 1, y: 1 }),
      spread: conv2d(inputs, 1),
      first: conv2d(first.filters, 3, first),
      ...(first.bend ? { firstBend: relu() } : {}),
      second: conv2d(second.filters, 3, second),
      ...(second.bend ? { secondBend: relu() } : {}),
      flat: flatten(),
      logits: dense(3),
    }),
  );

/** How often each step occurs in a training step. */
function stepsOf(spec: NetworkSpec, convolution?: 'winograd' | 'direct'): Record<string, number> {
  const { trainSteps } = planNetwork(spec, 16, { optimizer: 'sgd', clip: false, convolution });
  const counts: Record<string, number> = {};
  for (const { name } of trainSteps) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

it(`${NETWORKS} random networks give what the reference gives, and the same bits on engines of the same numerics`, () => {
  const kinds = { winograd_conv2d: 0, winograd_weight_gradient: 0, conv2d_weight_gradient: 0 };
  fc.assert(
    fc.property(anyWideNetwork, fc.nat(), (spec, seed) => {
      const found = steadyCase(engines[0], spec, { count: 16, seed: `${seed}` });
      fc.pre(found !== undefined);
      const steps = stepsOf(spec, 'winograd');
      for (const name of Object.keys(kinds) as (keyof typeof kinds)[]) kinds[name] += steps[name] ?? 0;
      expectLikeReference(engines, spec, found, TOLERANCE, 'winograd');
      for (const numerics of ['fused', 'unfused']) {
        const same = engines.filter((engine) => engine.numerics === numerics);
        const bits = same.map((engine) =>
          bitsOf(engineStep(engine, spec, found.weights, found.batch, 'winograd').gradients),
        );
        expect(new Set(bits).size, numerics).toBe(1);
      }
    }),
    { numRuns: NETWORKS, seed: 7 },
  );
  expect(Math.min(...Object.values(kinds))).toBeGreaterThan(NETWORKS / 5);
});

describe('layers that share weights', () => {
  it('add to the same sums, whatever form the shape of each would favour', () => {
    const spec = network(16, 3, {
      face: crop(8, 7),
      spread: conv2d(20, 1),
      large: conv2d(20, 3),
      small: resize(2, 1),
      again: conv2d(20, 3, { shares: 'large' }),
      pooled: globalPool(),
      logits: dense(3),
    });
    const steps = stepsOf(spec, 'winograd');
    expect(steps).toMatchObject({
      winograd_weight_gradient: 2,
      winograd_gradient_taps: 1,
      winograd_weights: 2,
    });
    const found = steadyCase(engines[0], spec, { count: 16, seed: 'shared' });
    if (found === undefined) throw new Error('choose another seed');
    expectLikeReference(engines, spec, found, TOLERANCE, 'winograd');
  });
});

describe('the form of convolutions', () => {
  it('is direct if left out, and for shapes that gain nothing', () => {
    const direct = stepsOf(wideNetwork());
    expect(stepsOf(wideNetwork(), 'direct')).toEqual(direct);
    expect(Object.keys(direct).filter((name) => name.startsWith('winograd'))).toEqual([]);
    const narrow = network(16, 3, {
      face: crop(16, 16),
      few: conv2d(8, 3),
      strided: conv2d(32, 3, { stride: 2 }),
      wide: conv2d(32, 5),
      flat: flatten(),
      logits: dense(3),
    });
    expect(stepsOf(narrow, 'winograd')).toEqual(stepsOf(narrow));
  });

  it('is Winograd’s in the reference network, but for its first layer', () => {
    const { winograd_conv2d, winograd_weight_gradient, conv2d, conv2d_weight_gradient } = stepsOf(
      zooNetwork('baseline'),
      'winograd',
    );
    expect([conv2d, conv2d_weight_gradient]).toEqual([1, 1]);
    expect(winograd_conv2d).toBe(2 * winograd_weight_gradient);
  });

  it('changes no prediction', () => {
    const spec = wideNetwork();
    for (const engine of engines) {
      const weights = randomWeights(engine, spec, 'predictions');
      const { samples, indices } = randomBatch(spec, 40, 'predictions');
      const bits = (['winograd', 'direct'] as const).map((convolution) => {
        const session = new Session(engine, spec, 32, { optimizer: 'sgd', clip: false, convolution });
        session.setWeights(weights);
        return bitsOf(new Map([['probabilities', session.predict(samples, indices)]]));
      });
      expect(bits[0], engine.variant).toBe(bits[1]);
    }
  });
});

describe('a configuration', () => {
  const config = { epochs: 2, batchSize: 16 };
  const request = (given: TrainingRequest['stages'][0]['config']): TrainingRequest => ({
    spec: wideNetwork(),
    stages: [{ training: Uint32Array.of(0), config: given }],
    validation: Uint32Array.of(1),
    seed: 'seed',
    keepWeights: false,
  });
  const keyOf = (given: TrainingRequest['stages'][0]['config']) =>
    contentKey(request(given), 'data', 'fused');

  it('of a new training asks for Winograd’s form', () => {
    expect(trainingConfig(config).convolution).toBe('winograd');
    expect(trainingConfig({ ...config, convolution: 'direct' }).convolution).toBeUndefined();
  });

  it('that was recorded without a form is direct, with the same key as before', () => {
    const recorded = trainingConfigSchema.parse(config);
    expect('convolution' in recorded).toBe(false);
    const { convolution: _, ...others } = trainingConfig(config);
    expect(keyOf(recorded)).toBe(keyOf(others));
    expect(keyOf(trainingConfig({ ...config, convolution: 'direct' }))).toBe(keyOf(recorded));
    expect(keyOf(trainingConfig(config))).not.toBe(keyOf(recorded));
  });

  it('decides the bits', async () => {
    const engine = await openEngine();
    const spec = wideNetwork();
    const samples = randomSamples(48, spec.frameSize, spec.classes, 'form');
    const training = Uint32Array.from({ length: 48 }, (_, i) => i);
    const bits = [
      trainingConfig(config),
      trainingConfig({ ...config, convolution: 'direct' as const }),
      config,
    ].map((given) =>
      bitsOf(
        trainNetwork(engine, spec, samples, {
          training,
          validation: training,
          config: trainingConfigSchema.parse(given),
          seed: 'seed',
        }).network.weights,
      ),
    );
    expect(bits[1]).toBe(bits[2]);
    expect(bits[0]).not.toBe(bits[1]);
  });
});
