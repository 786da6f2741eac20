import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { describeNetwork } from '../../src/network/describe.ts';
import {
  add,
  concatenate,
  conv2d,
  crop,
  dense,
  depthwise,
  dropout,
  flatten,
  globalPool,
  normalization,
  pool,
  relu,
  resize,
} from '../../src/network/notation.ts';
import type { LayerSpec, NetworkSpec } from '../../src/network/spec.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { allEngines, bitsOf, engineStep, expectLikeReference, steadyCase } from './harness.ts';

const NETWORKS = 100;
const MERGES = { add, concatenate };
/** Deep normalisation enlarges rounding, so the bound is wider than for single layers. */
const TOLERANCE = 2e-4;
const CLASSES = 3;
const FRAME = 12;

const side = fc.integer({ min: 1, max: 4 });
const size = fc.tuple(side, side);
const window = fc.record({
  stride: fc.integer({ min: 1, max: 3 }),
  padding: fc.constantFrom('same', 'valid'),
});
const statistics = fc.constantFrom('batch', 'block');

/** A layer of random form; it reads whichever earlier layer it is then given. */
const anyLayer = fc.oneof(
  fc
    .record({ filters: fc.integer({ min: 1, max: 6 }), size, window, bias: fc.boolean() })
    .map((o) => conv2d(o.filters, o.size, { ...o.window, bias: o.bias })),
  fc
    .record({ size, window, bias: fc.boolean() })
    .map((o) => depthwise(o.size, { ...o.window, bias: o.bias })),
  fc
    .record({ kind: fc.constantFrom('max-pool', 'average-pool'), size, window })
    .map((o) => pool(o.kind, o.size, o.window)),
  fc
    .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
    .map((o) => resize(o.width, o.height)),
  fc.record({ units: fc.integer({ min: 1, max: 20 }), bias: fc.boolean() }).map((o) => dense(o.units, o)),
  statistics.map((kind) => normalization(kind)),
  fc.constantFrom(relu(), relu(), flatten(), globalPool(), dropout(0.3)),
  fc.constantFrom('add' as const, 'concatenate' as const),
);

interface Choice {
  readonly layer: typeof anyLayer extends fc.Arbitrary<infer Layer> ? Layer : never;
  /** Which of the layers so far is read, counted from the last; merges read two. */
  readonly reads: readonly number[];
}
const choice: fc.Arbitrary<Choice> = fc.record({
  layer: anyLayer,
  reads: fc.tuple(fc.constantFrom(1, 1, 1, 2, 3), fc.integer({ min: 1, max: 6 })),
});

/** Puts the choices after two crops, omits those that do not fit, and closes with a dense layer. */
function build(choices: readonly Choice[]): NetworkSpec {
  const left = crop(7, 6, { x: 2, y: 1 })('left', '');
  let layers: LayerSpec[] = [left, crop(7, 6, { x: 5, y: 4, mirror: true })('right', '')];
  const grow = (more: LayerSpec): boolean => {
    try {
      // The last layer must give logits, so a candidate is closed provisionally.
      describeNetwork({
        name: 'random',
        frameSize: FRAME,
        classes: CLASSES,
        layers: close([...layers, more]),
      });
    } catch {
      return false;
    }
    layers = [...layers, more];
    return true;
  };
  choices.forEach(({ layer, reads }, i) => {
    const names = reads.map((back) => layers[Math.max(0, layers.length - back)].name);
    grow(typeof layer === 'string' ? MERGES[layer](...names)(`layer${i}`, '') : layer(`layer${i}`, names[0]));
  });
  return { name: 'random', frameSize: FRAME, classes: CLASSES, layers: close(layers) };
}

function close(layers: readonly LayerSpec[]): LayerSpec[] {
  const last = layers[layers.length - 1].name;
  return [...layers, flatten()('flat', last), dense(CLASSES)('logits', 'flat')];
}

let engines: Engine[];

beforeAll(async () => {
  engines = await allEngines();
});

it(`${NETWORKS} random networks give what the reference gives, and the same bits on engines of the same numerics`, () => {
  let kinds = 0;
  fc.assert(
    fc.property(fc.array(choice, { minLength: 2, maxLength: 10 }).map(build), fc.nat(), (spec, seed) => {
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
