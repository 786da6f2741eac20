import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import type { Engine } from '../../src/nn/engine.ts';
import type { GradientOptions } from '../../src/nn/gradient-plan.ts';
import { GradientSession } from '../../src/nn/gradient-session.ts';
import { LANES } from '../../src/nn/layout.ts';
import type { Samples } from '../../src/nn/samples.ts';
import { Session, type Weights } from '../../src/nn/session.ts';
import { GRADIENT_NETWORKS, patchNetwork } from './gradient-networks.ts';
import { allEngines, bitsOf, largestDifference, randomSamples, randomWeights } from './harness.ts';
import { type CropValues, type ReferencePrediction, referencePrediction } from './reference.ts';
import type { Volume } from './reference-layers.ts';

const COUNT = 5;
const CONTRAST = 0.75;
/** Closer to a kink, single precision may decide otherwise than double. */
const MIN_MARGIN = 2e-6;
/** As a share of the maximum of a gradient. */
const TOLERANCE = 1e-4;

let engines: Engine[];

beforeAll(async () => {
  engines = await allEngines();
});

/** Frames as the crops of each kind read them, in double precision. */
function scaled({ frames, frameSize }: Samples, indices: Uint32Array): CropValues {
  const pixels = frameSize ** 2;
  const each = (values: (frame: readonly number[]) => readonly number[]) =>
    Float64Array.from(
      Array.from(indices).flatMap((sample) => {
        const frame = [...frames.subarray(sample * pixels, (sample + 1) * pixels)];
        return values(frame).map((value) => CONTRAST * value);
      }),
    );
  const normalized = each((frame) => {
    const mean = frame.reduce((a, b) => a + b, 0) / pixels;
    const variance = frame.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / pixels;
    return frame.map((grey) => (grey - mean) / Math.sqrt(Math.max(variance, 1)));
  });
  const signed = each((frame) => frame.map((grey) => grey / 127.5 - 1));
  return { normalized, signed, raw: each((frame) => frame) };
}

interface Case {
  readonly weights: Weights;
  readonly samples: Samples;
  readonly indices: Uint32Array;
  readonly frames: CropValues;
  readonly reference: ReferencePrediction;
}

function someCase(spec: NetworkSpec): Case {
  for (let attempt = 0; ; attempt++) {
    const weights = randomWeights(engines[0], spec, `gradient/${attempt}`);
    const samples = randomSamples(COUNT + 2, spec.frameSize, spec.classes, `gradient/${attempt}`);
    const indices = Uint32Array.of(3, 0, 6, 1, 1);
    const frames = scaled(samples, indices);
    const reference = referencePrediction(spec, weights, frames);
    if (reference.margin >= MIN_MARGIN || attempt === 40)
      return { weights, samples, indices, frames, reference };
  }
}

/** Random derivatives of a scalar by the outputs of some layers, in single precision. */
function someSeeds(reference: ReferencePrediction, layers: readonly string[]): Map<string, Float32Array> {
  const random = randomStream('seeds', ...layers);
  return new Map(
    layers.map((layer) => {
      const { values } = reference.outputs.get(layer) as { values: Float64Array };
      return [layer, Float32Array.from(values, () => random.uniform() - 0.3)];
    }),
  );
}

const doubled = (seeds: ReadonlyMap<string, Float32Array>) =>
  new Map([...seeds].map(([layer, values]) => [layer, Float64Array.from(values)]));

/** Maps the reference's gradients of all crops back onto the frames. */
function framesOf(spec: NetworkSpec, gradients: ReadonlyMap<string, Float64Array>): Float64Array {
  const size = spec.frameSize;
  const sums = new Float64Array(COUNT * size * size);
  for (const layer of spec.layers) {
    const gradient = gradients.get(layer.name);
    if (layer.kind !== 'crop' || gradient === undefined) continue;
    const { x, y, width, height, mirror } = layer;
    gradient.forEach((value, i) => {
      const column = mirror ? width - 1 - (i % width) : i % width;
      const [n, row] = [Math.floor(i / (width * height)), Math.floor(i / width) % height];
      sums[(n * size + y + row) * size + x + column] += value;
    });
  }
  return sums;
}

function run(
  engine: Engine,
  spec: NetworkSpec,
  some: Case,
  options: GradientOptions,
  layers: readonly string[],
) {
  const session = new GradientSession(engine, spec, some.weights, options);
  const probabilities = session.forward(some.samples, some.indices, CONTRAST);
  session.backward(someSeeds(some.reference, layers));
  return { session, probabilities };
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((top, value) => Math.max(top, Math.abs(value)), 0);
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(largest(expected), what).toBeGreaterThan(0);
  expect(largestDifference(found, expected) / largest(expected), what).toBeLessThan(TOLERANCE);
}

describe.each(Object.entries(GRADIENT_NETWORKS))('of a network with %s', (_, spec) => {
  const logits = spec.layers.at(-1)?.name ?? '';
  const convolutions = spec.layers.filter(({ kind }) => kind === 'conv2d').map(({ name }) => name);

  it('the gradient by the frame agrees with central finite differences', () => {
    const some = someCase(spec);
    const { session } = run(engines[0], spec, some, {}, [logits]);
    const found = session.frameGradient();
    const seeds = someSeeds(some.reference, [logits]).get(logits) as Float32Array;
    const scalar = (frames: CropValues) => {
      const { values } = referencePrediction(spec, some.weights, frames).outputs.get(logits) as Volume;
      return values.reduce((sum, value, i) => sum + value * seeds[i], 0);
    };
    const random = randomStream('pixels');
    const step = 1e-7;
    const read = [...found.keys()].filter((pixel) => found[pixel] !== 0);
    for (let probe = 0; probe < 20; probe++) {
      const pixel = probe < 14 ? random.pick(read) : random.integer(0, found.length - 1);
      const moved = (by: number) => {
        const at = (values: Float64Array) => values.map((value, i) => value + (i === pixel ? by : 0));
        const { normalized, signed, raw } = some.frames;
        return scalar({ normalized: at(normalized), signed: at(signed), raw: at(raw) });
      };
      const difference = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(found[pixel] - difference)).toBeLessThan(1e-5 + TOLERANCE * largest(found));
    }
  });

  it.each(['plain', 'guided'] as const)(
    'all engines give what naive loops give, with the %s rule',
    (rule) => {
      const some = someCase(spec);
      const seeds = doubled(someSeeds(some.reference, [logits]));
      const expected = framesOf(spec, some.reference.pullBack(seeds, rule === 'guided'));
      for (const engine of engines) {
        const { session } = run(engine, spec, some, { rule }, [logits]);
        expectClose(session.frameGradient(), expected, `${engine.name}:${engine.variant}`);
      }
    },
  );

  it('the gradients of the outputs of all convolutions at once agree with the reference', () => {
    const some = someCase(spec);
    const seeds = doubled(someSeeds(some.reference, convolutions));
    const expected = framesOf(spec, some.reference.pullBack(seeds, true));
    const { session } = run(engines[0], spec, some, { of: convolutions, rule: 'guided' }, convolutions);
    expectClose(session.frameGradient(), expected, 'frame');
    for (const layer of convolutions) {
      expectClose(session.output(layer).values, some.reference.outputs.get(layer)?.values ?? [], layer);
    }
  });

  it('the gradients by the outputs of any layer in between agree with the reference', () => {
    const some = someCase(spec);
    const expected = some.reference.pullBack(doubled(someSeeds(some.reference, [logits])), false);
    const others = spec.layers.filter(({ kind, name }) => kind !== 'dropout' && name !== logits);
    const layers = others.filter((_, i) => others.length < 30 || i % 4 === 1);
    for (const { name } of layers) {
      const { session } = run(engines[0], spec, some, { by: [name] }, [logits]);
      expectClose(session.gradient(name).values, expected.get(name) ?? [], `gradient of ${name}`);
      expectClose(session.output(name).values, some.reference.outputs.get(name)?.values ?? [], name);
    }
  });

  it.each(['fused', 'unfused'] as const)('all %s engines give the same bits', (numerics) => {
    const some = someCase(spec);
    const same = engines.filter((engine) => engine.numerics === numerics);
    expect(same.length).toBeGreaterThan(1);
    const hashes = same.map((engine) => {
      const { session, probabilities } = run(engine, spec, some, { rule: 'guided' }, [logits]);
      return bitsOf(
        new Map([
          ['probabilities', probabilities],
          ['frames', new Float32Array(session.frameGradient().buffer)],
        ]),
      );
    });
    expect(new Set(hashes).size).toBe(1);
  });
});

it('gives the same probabilities as prediction, bit for bit, and forgets the previous block', () => {
  const spec = patchNetwork();
  const samples = randomSamples(20, spec.frameSize, spec.classes, 'blocks');
  for (const engine of engines) {
    const weights = randomWeights(engine, spec, 'blocks');
    const gradients = new GradientSession(engine, spec, weights);
    const prediction = new Session(engine, spec, LANES);
    prediction.setWeights(weights);
    const seeds = new Map([['logits', Float32Array.from({ length: 48 }, (_, i) => (i % 3 === 1 ? 1 : 0))]]);
    const few = Uint32Array.of(17, 2, 9);
    const all = Uint32Array.from({ length: LANES }, (_, i) => i + 1);
    expect(gradients.forward(samples, few)).toEqual(prediction.predict(samples, few));
    gradients.backward(seeds);
    const alone = gradients.frameGradient();
    expect(gradients.forward(samples, all)).toEqual(prediction.predict(samples, all));
    gradients.backward(seeds);
    expect(gradients.frameGradient().length).toBe(LANES * 64 * 64);
    gradients.forward(samples, few);
    gradients.backward(seeds);
    expect(gradients.frameGradient()).toEqual(alone);
  }
});

it('is zero outside the crops, and not all zero inside', () => {
  const spec = patchNetwork();
  const { reference: _, ...some } = someCase(spec);
  const session = new GradientSession(engines[0], spec, some.weights);
  session.forward(some.samples, some.indices);
  session.backward(new Map([['logits', new Float32Array(3 * COUNT).fill(1).map((_, i) => i % 3)]]));
  const gradient = session.frameGradient();
  const read = new Set<number>();
  for (const layer of spec.layers) {
    if (layer.kind !== 'crop') continue;
    const scale = spec.layers.some(({ name }) => name === `${layer.name}.scale`) ? 2 : 1;
    // An odd last row or column is left out at half resolution; a mirrored crop has its last column on the left.
    const [width, height] = [layer.width, layer.height].map((side) => side - (side % scale));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const column = layer.mirror ? layer.width - 1 - x : x;
        read.add((layer.y + y) * 64 + layer.x + column);
      }
    }
  }
  const touched = new Set([...gradient.keys()].filter((i) => gradient[i] !== 0).map((i) => i % 4096));
  expect([...touched].filter((pixel) => !read.has(pixel))).toEqual([]);
  expect(touched.size).toBeGreaterThan(0.95 * read.size);
});

it('refuses missing or unconnected layers, and weights that do not fit', () => {
  const spec = patchNetwork();
  const weights = randomWeights(engines[0], spec, 'refused');
  const open =
    (options: GradientOptions, given = weights) =>
    () =>
      new GradientSession(engines[0], spec, given, options);
  expect(open({ of: ['nowhere'] })).toThrow(/'nowhere'.*no such layer/);
  expect(open({ by: ['dense.dropout'] })).toThrow(/no such layer/);
  expect(open({ of: ['patch2.conv1'], by: ['patch1'] })).toThrow(/no gradient flows/);
  expect(open({}, new Map([...weights].slice(1)))).toThrow(/needs \d+ numbers/);
});
