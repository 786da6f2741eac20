import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/nn/engine.ts';
import { anyNetwork } from './any-network.ts';
import { allEngines, bitsOf, engineStep, expectLikeReference, steadyCase } from './harness.ts';

const NETWORKS = 100;
/** Deep normalisation enlarges rounding, so the bound is wider than for single layers. */
const TOLERANCE = 2e-4;
let engines: Engine[];

beforeAll(async () => {
  engines = await allEngines();
});

it(`${NETWORKS} random networks give what the reference gives, and the same bits on engines of the same numerics`, () => {
  let kinds = 0;
  fc.assert(
    fc.property(anyNetwork, fc.nat(), (spec, seed) => {
      const found = steadyCase(engines[0], spec, { seed: `${seed}`, shift: 1 });
      fc.pre(found !== undefined);
      expectLikeReference(engines, spec, found, TOLERANCE);
      for (const numerics of ['fused', 'unfused']) {
        const steps = engines
          .filter((engine) => engine.numerics === numerics)
          .map((engine) => engineStep(engine, spec, found.weights, found.batch));
        const bits = steps.map(({ loss, gradients, weights }) =>
          [loss, bitsOf(gradients), bitsOf(weights)].join(),
        );
        expect(new Set(bits).size, numerics).toBe(1);
      }
      kinds += spec.layers.length;
    }),
    { numRuns: NETWORKS, seed: 20 },
  );
  expect(kinds).toBeGreaterThan(4 * NETWORKS);
});
