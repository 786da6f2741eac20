import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EvopatchError } from '../../src/core/errors.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import type { LayerSpec, NetworkSpec } from '../../src/network/spec.ts';
import { planGradient } from '../../src/nn/gradient-plan.ts';
import { checkModelLimits, MODEL_LIMITS } from '../../src/nn/model-limits.ts';
import { planNetwork } from '../../src/nn/plan.ts';
import { ZOO, zooNetwork } from '../../src/zoo/zoo.ts';

const CLASSES = 7;
const crop: LayerSpec = { kind: 'crop', name: 'c', x: 0, y: 0, width: 64, height: 64, mirror: false };

/** A network of some layers on a crop of the whole frame, each of which reads the one before. */
function chain(...layers: ((name: string, input: string) => LayerSpec)[]): NetworkSpec {
  const made = [crop];
  for (const [i, make] of layers.entries()) made.push(make(`l${i}`, made[made.length - 1].name));
  const input = made[made.length - 1].name;
  made.push({ kind: 'global-average-pool', name: 'g', input });
  made.push({ kind: 'dense', name: 'o', input: 'g', units: CLASSES, bias: true });
  return { name: 'chain', frameSize: 64, classes: CLASSES, layers: made };
}

const resize = (height: number, width: number) => (name: string, input: string) =>
  ({ kind: 'resize', name, input, height, width }) as const;
const pool = (side: number) => (name: string, input: string) =>
  ({ kind: 'average-pool', name, input, size: [side, side], stride: 1, padding: 'same' }) as const;
const depthwise = (side: number) => (name: string, input: string) =>
  ({
    kind: 'depthwise-conv2d',
    name,
    input,
    kernel: [side, side],
    stride: 1,
    padding: 'same',
    bias: false,
  }) as const;
const twice = (name: string, input: string) => ({ kind: 'add', name, inputs: [input, input] }) as const;

const refused = (networks: readonly NetworkSpec[]): unknown => {
  try {
    checkModelLimits(networks);
    return undefined;
  } catch (cause) {
    return cause;
  }
};

test('every network of the zoo stays far below the limits', () => {
  for (const name of Object.keys(ZOO)) {
    const spec = zooNetwork(name, { classes: CLASSES, frame: FACE_FRAME });
    checkModelLimits(Array.from({ length: 6 }, () => spec));
  }
});

test.each([
  ['a large map', [chain(resize(4096, 4096))], 'at most 640 MB of memory', '2,049 MB'],
  ['several maps', [chain(resize(2048, 2048), resize(2048, 2047))], 'of memory', '1,025 MB'],
  [
    'members of an ensemble',
    Array.from({ length: 5 }, () => chain(resize(1400, 1400))),
    'of memory',
    '721 MB',
  ],
  ['a halo', [chain(resize(1, 1), depthwise(4095))], 'memory', /MB/],
  [
    'windows',
    [chain(resize(2000, 2000), pool(2000))],
    '5,000 million operations for a face',
    /16,000,\d+ million/,
  ],
  ['work of members', Array.from({ length: 50 }, () => chain(pool(200))), 'operations for a face', /million/],
])('%s beyond the limits is refused with the number and the limit', (_what, networks, problem, given) => {
  expect(refused(networks)).toMatchObject({
    code: 'INVALID_MODEL',
    problem: expect.stringContaining(problem),
    data: { given: expect.stringMatching(given) },
  });
});

const layer = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 4096 }))
    .map(([h, w]) => resize(h, w)),
  fc.integer({ min: 1, max: 4096 }).map(pool),
  fc.constant(twice),
);

test('random networks stay within the limits or are refused', () => {
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 6 }), (layers) => {
      const spec = chain(...layers);
      const cause = refused([spec]);
      if (cause === undefined) {
        expect(4 * planNetwork(spec, 64).words).toBeLessThanOrEqual(MODEL_LIMITS.memory);
      } else {
        expect(cause).toBeInstanceOf(EvopatchError);
        expect(cause).toMatchObject({ code: 'INVALID_MODEL' });
      }
    }),
    { numRuns: 200 },
  );
});

test('a chain of the maximum length is planned, for every kind of layer', () => {
  const kinds: ((name: string, input: string) => LayerSpec)[] = [
    twice,
    (name, input) => ({ kind: 'concatenate', name, inputs: [input] }),
    (name, input) => ({ kind: 'relu', name, input }),
    (name, input) => ({ kind: 'batch-normalization', name, input, statistics: 'block' }),
    depthwise(1),
  ];
  for (const kind of kinds) {
    const spec = chain(resize(1, 1), ...Array.from({ length: 1020 }, () => kind));
    checkModelLimits([spec]);
    planGradient(spec, { by: ['c'] });
    planNetwork(spec, 64, { optimizer: 'adamw', clip: true });
  }
});
