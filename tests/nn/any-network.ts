// Random networks of all layers, as fast-check draws them.
import fc from 'fast-check';
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
  quantize,
  relu,
  resize,
} from '../../src/network/notation.ts';
import type { LayerSpec, NetworkSpec } from '../../src/network/spec.ts';

const MERGES = { add, concatenate };
const CLASSES = 3;
const FRAME = 12;

const side = fc.integer({ min: 1, max: 4 });
const size = fc.tuple(side, side);
const window = fc.record({
  stride: fc.integer({ min: 1, max: 3 }),
  padding: fc.constantFrom('same', 'valid'),
});
const statistics = fc.constantFrom('batch', 'block');

const convolution = (filters: number) =>
  fc
    .record({ filters: fc.integer({ min: 1, max: filters }), size, window, bias: fc.boolean() })
    .map((o) => conv2d(o.filters, o.size, { ...o.window, bias: o.bias }));

/** A layer of random form; it reads whichever earlier layer it is then given. */
const anyLayer = fc.oneof(
  convolution(6),
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

type Layer = typeof anyLayer extends fc.Arbitrary<infer Drawn> ? Drawn : never;
interface Choice {
  readonly layer: Layer;
  /** Which of the layers so far is read, counted from the last; merges read two. */
  readonly reads: readonly number[];
}

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

/** Networks of two to ten random layers on two crops. */
export const anyNetwork = networksOf(anyLayer);

/** The same, some with more channels than a block has lanes, and with rounding. */
export const anyWideNetwork = networksOf(
  fc.oneof(
    { arbitrary: anyLayer, weight: 3 },
    { arbitrary: convolution(40), weight: 1 },
    { arbitrary: fc.constant(quantize(0.05, 3)), weight: 1 },
  ),
);

function networksOf(layer: fc.Arbitrary<Layer>): fc.Arbitrary<NetworkSpec> {
  const reads = fc.tuple(fc.constantFrom(1, 1, 1, 2, 3), fc.integer({ min: 1, max: 6 }));
  return fc.array(fc.record({ layer, reads }), { minLength: 2, maxLength: 10 }).map(build);
}
