import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { conv2d, normalization, pool, relu } from '../../src/network/notation.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { randomBatch, randomWeights } from './harness.ts';
import { everyKind } from './networks.ts';
import { referenceStep } from './reference.ts';
import { around } from './specs.ts';

const STEP = 1e-6;
const PROBES = 4;

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine();
});

/** Compares central differences at a few indices of every array with the gradients of the backward pass. */
function expectLikeDifferences(spec: NetworkSpec, seed: string): void {
  const weights = randomWeights(engine, spec, seed);
  const batch = { ...randomBatch(spec, 32, seed, 1), temperature: 1.5 };
  const { gradients } = referenceStep(spec, weights, batch);
  const random = randomStream(seed, 'probes');
  for (const [name, gradient] of gradients) {
    for (let probe = 0; probe < PROBES; probe++) {
      const index = random.integer(0, gradient.length - 1);
      const lossAt = (offset: number) => {
        const moved = Float64Array.from(weights.get(name) ?? []);
        moved[index] += offset;
        const all = new Map<string, ArrayLike<number>>([...weights, [name, moved]]);
        const { loss, penalty } = referenceStep(spec, all, batch);
        return loss + penalty;
      };
      const difference = (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP);
      expect(Math.abs(gradient[index] - difference), `${name}[${index}]`).toBeLessThan(1e-8);
    }
  }
}

describe('the gradients of the reference are those of central differences', () => {
  it('for a network with every kind of layer', () => {
    expectLikeDifferences(everyKind(), 'every kind');
  });

  it('for odd windows', () => {
    const spec = around({
      a: conv2d(3, [3, 2], { stride: 2 }),
      b: normalization('batch'),
      c: relu(),
      d: pool('max-pool', 3, { stride: 2, padding: 'valid' }),
      e: conv2d(2, 2, { stride: 3 }),
    });
    expectLikeDifferences(spec, 'odd windows');
  });
});
