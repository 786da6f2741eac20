import { beforeAll, describe, expect, test } from 'vitest';
import { EvopatchError } from '../../src/core/errors.ts';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { readPixels } from '../../src/network/read-pixels.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { Network } from '../../src/nn/network.ts';
import { frameStatistics, type Samples } from '../../src/nn/samples.ts';
import { classSaliency } from '../../src/saliency/class-saliency.ts';
import { type SaliencyOptions, saliency } from '../../src/saliency/saliency.ts';
import { patchNetwork } from '../nn/gradient-networks.ts';
import { randomSamples, randomWeights } from '../nn/harness.ts';
import { type ReferencePrediction, referencePrediction } from '../nn/reference.ts';
import type { Volume } from '../nn/reference-layers.ts';
import { drawnFaces, trainedPatches } from './networks.ts';

const SIZE = FACE_FRAME.size;
const PIXELS = SIZE * SIZE;
const CLASSES = ['a', 'b', 'c'];
const indices = Uint32Array.of(4, 0, 2);

let network: Network;
let dataset: SaliencyOptions['dataset'];
let reference: ReferencePrediction;
let faces: Dataset;
let trained: Network;

beforeAll(async () => {
  const engine = await openEngine();
  const spec = patchNetwork({ convolutions: 2, branches: 'shared' });
  network = new Network(engine, spec, randomWeights(engine, spec, 'explained'));
  const { frames, labels } = randomSamples(5, SIZE, 3, 'saliency');
  dataset = { frames, labels, frame: FACE_FRAME, classes: CLASSES };
  const scaled = normalized({ frames, labels, frameSize: SIZE, classes: 3 });
  const own = { normalized: scaled, signed: scaled, raw: scaled };
  reference = referencePrediction(spec, network.weights, own);
  faces = drawnFaces(350);
  trained = await trainedPatches(faces);
});

/** The frames of `indices` as the network reads them. */
function normalized(samples: Samples): Float64Array {
  const statistics = frameStatistics(samples);
  return Float64Array.from(
    Array.from(indices).flatMap((sample) =>
      Array.from(
        samples.frames.subarray(sample * PIXELS, (sample + 1) * PIXELS),
        (grey) => (grey - statistics[2 * sample]) * statistics[2 * sample + 1],
      ),
    ),
  );
}

const output = (layer: string) => reference.outputs.get(layer) as Volume;

/** Gradients of crops, brought to frames. */
function toFrames(gradients: ReadonlyMap<string, Float64Array>): Float64Array[] {
  return Array.from(indices, (_, n) => {
    const frame = new Float64Array(PIXELS);
    for (const layer of network.spec.layers) {
      if (layer.kind !== 'crop') continue;
      const { x, y, width, height, mirror } = layer;
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const value = gradients.get(layer.name)?.[(n * height + row) * width + column] ?? 0;
          frame[(y + row) * SIZE + x + (mirror ? width - 1 - column : column)] += value;
        }
      }
    }
    return frame;
  });
}

function expectClose(found: Float64Array, expected: Float64Array, tolerance = 1e-3): void {
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  const differences = found.map((value, i) => Math.abs(value - expected[i]) / largest);
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}

const logitsOf = (n: number) => output('logits').values.subarray(3 * n, 3 * n + 3);
const softmax = (logits: Float64Array) => {
  const powers = logits.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
};

describe('saliency explains', () => {
  test('the logit of the predicted, the true or a given class', async () => {
    for (const explained of ['predicted', 'true', 1] as const) {
      const maps = await saliency({ network, dataset, indices, method: 'gradient', explained });
      expect(maps.map(({ sample }) => sample)).toEqual([...indices]);
      const seeds = new Float64Array(9);
      for (const [n, map] of maps.entries()) {
        const logits = [...logitsOf(n)];
        const predicted = logits.indexOf(Math.max(...logits));
        const wanted = { predicted, true: dataset.labels[map.sample] };
        expect(map.class).toBe(explained === 1 ? 1 : wanted[explained]);
        expect(map.scalar).toBeCloseTo(logits[map.class], 3);
        expect(map.probability).toBeCloseTo(softmax(logitsOf(n))[map.class], 3);
        expect(map).not.toHaveProperty('baseline');
        seeds[3 * n + map.class] = 1;
      }
      const expected = toFrames(reference.pullBack(new Map([['logits', seeds]]), false));
      for (const [n, { grid }] of maps.entries()) {
        expect(grid.size).toBe(SIZE);
        expectClose(grid.values, expected[n]);
      }
    }
  });

  test('the probability of a class', async () => {
    const maps = await saliency({
      network,
      dataset,
      indices,
      method: 'guided',
      scalar: 'probability',
      explained: 2,
    });
    const seeds = Float64Array.from({ length: 9 }, (_, i) => {
      const probabilities = softmax(logitsOf(Math.floor(i / 3)));
      return probabilities[2] * ((i % 3 === 2 ? 1 : 0) - probabilities[i % 3]);
    });
    const expected = toFrames(reference.pullBack(new Map([['logits', seeds]]), true));
    for (const [n, { grid, scalar, probability }] of maps.entries()) {
      expect(scalar).toBe(probability);
      expectClose(grid.values, expected[n]);
    }
  });

  test('the sum of the largest channels of the last convolutions, or of a named layer', async () => {
    const last = network.spec.layers.filter(({ name }) => name.endsWith('.conv2b')).map(({ name }) => name);
    expect(last.length).toBe(6);
    for (const layers of [undefined, ['patch2.relu1']]) {
      const options = { network, dataset, indices, method: 'guided', scalar: 'channel-max', layers } as const;
      const maps = await saliency(options);
      const sums = [0, 0, 0];
      const seeds = new Map(
        (layers ?? last).map((name) => {
          const { channels, height, width, values } = output(name);
          const seed = new Float64Array(values.length);
          for (let n = 0; n < 3; n++) {
            for (let position = 0; position < height * width; position++) {
              const offsets = Array.from(
                { length: channels },
                (_, c) => (n * channels + c) * height * width + position,
              );
              const best = Math.max(...offsets.map((offset) => values[offset]));
              sums[n] += best;
              seed[offsets.find((offset) => values[offset] === best) ?? -1] = 1;
            }
          }
          return [name, seed];
        }),
      );
      const expected = toFrames(reference.pullBack(seeds, true));
      for (const [n, map] of maps.entries()) {
        expect(map.scalar).toBeCloseTo(sums[n], 2);
        // Where all channels are 0 behind a ReLU, which of them is the largest does not matter: no gradient passes.
        expectClose(map.grid.values, expected[n]);
      }
    }
  });
});

describe('integrated gradients', () => {
  test('sum to the difference of the scalars, ever closer with more steps', async () => {
    for (const scalar of ['logit', 'probability', 'channel-max'] as const) {
      const gaps = [];
      for (const steps of [8, 512]) {
        const some = {
          network: trained,
          dataset: faces,
          indices: indicesOf(faces, 'validation').slice(0, 20),
        };
        const maps = await saliency({ ...some, method: 'integrated', scalar, steps });
        const whole = maps.reduce((sum, map) => sum + Math.abs(map.scalar - (map.baseline ?? Number.NaN)), 0);
        const gap = maps.reduce((sum, { grid, scalar, baseline = Number.NaN }) => {
          return sum + Math.abs(grid.values.reduce((a, b) => a + b, 0) - (scalar - baseline));
        }, 0);
        gaps.push(gap / whole);
      }
      expect(gaps[1]).toBeLessThan(5e-3);
      expect(gaps[0]).toBeGreaterThan(gaps[1]);
    }
  });
});

describe('Grad-CAM', () => {
  test('follows its formula on the pixels that each branch reads', async () => {
    const maps = await saliency({ network, dataset, indices, method: 'grad-cam', explained: 0 });
    const seeds = new Map([['logits', Float64Array.from({ length: 9 }, (_, i) => (i % 3 === 0 ? 1 : 0))]]);
    const gradients = reference.pullBack(seeds, false);
    for (const [n, { grid }] of maps.entries()) {
      const expected = new Float64Array(PIXELS);
      for (const layer of network.spec.layers) {
        if (layer.kind !== 'crop') continue;
        const end = `${layer.name}.relu2b`;
        const { channels, height, width, values } = output(end);
        const gradient = gradients.get(end) as Float64Array;
        const at = (c: number, y: number, x: number) => ((n * channels + c) * height + y) * width + x;
        const cell = (y: number, x: number) => {
          let sum = 0;
          for (let c = 0; c < channels; c++) {
            let mean = 0;
            for (let i = 0; i < height * width; i++) mean += gradient[at(c, 0, i)] / (height * width);
            sum += mean * values[at(c, y, x)];
          }
          return Math.max(sum, 0);
        };
        // Cells of the second block are 2×2 pixels, at half scale 4×4.
        const side = network.spec.layers.some(({ name }) => name === `${layer.name}.scale`) ? 4 : 2;
        const between = (pixel: number, cells: number) => {
          const position = Math.min(Math.max((pixel + 0.5) / side - 0.5, 0), cells - 1);
          const first = Math.min(Math.floor(position), Math.max(cells - 2, 0));
          return { first, share: position - first, second: Math.min(first + 1, cells - 1) };
        };
        for (let y = 0; y < layer.height; y++) {
          for (let x = 0; x < layer.width; x++) {
            const [row, column] = [between(y, height), between(x, width)];
            const along = (cellRow: number) =>
              (1 - column.share) * cell(cellRow, column.first) + column.share * cell(cellRow, column.second);
            const value = (1 - row.share) * along(row.first) + row.share * along(row.second);
            const pixel = (layer.y + y) * SIZE + layer.x + (layer.mirror ? layer.width - 1 - x : x);
            expected[pixel] = Math.max(expected[pixel], value);
          }
        }
      }
      expectClose(grid.values, expected);
      expect(Math.min(...grid.values)).toBe(0);
    }
  });
});

describe('means over classes', () => {
  test('are those of the absolute maps', async () => {
    const some = indicesOf(faces, 'validation').slice(0, 37);
    const options = {
      network: trained,
      dataset: faces,
      indices: some,
      method: 'gradient',
      explained: 'true',
    } as const;
    const maps = await saliency(options);
    const { grid, perClass } = await classSaliency(options);
    expect(perClass.map((one) => one.class)).toEqual(faces.classes);
    for (const [label, one] of perClass.entries()) {
      const own = maps.filter((map) => map.class === label);
      expect(one.samples).toBe(own.length);
      const mean = Float64Array.from(
        { length: PIXELS },
        (_, pixel) => own.reduce((sum, map) => sum + Math.abs(map.grid.values[pixel]), 0) / own.length,
      );
      expectClose(one.grid.values, mean, 1e-12);
    }
    const all = grid.values.map(
      (_, pixel) => maps.reduce((sum, map) => sum + Math.abs(map.grid.values[pixel]), 0) / maps.length,
    );
    expectClose(grid.values, all, 1e-12);
    const read = readPixels(trained.spec);
    expect(grid.values.every((value, pixel) => value > 0 === (read[pixel] === 1))).toBe(true);
  });

  test('are zeros for a class without faces', async () => {
    const { perClass } = await classSaliency({
      network,
      dataset,
      indices,
      method: 'gradient',
      explained: 1,
    });
    expect(perClass.map(({ samples }) => samples)).toEqual([0, 3, 0]);
    expect(perClass[0].grid.values.every((value) => value === 0)).toBe(true);
  });
});

describe('saliency refuses', () => {
  const refusal = async (options: Partial<SaliencyOptions>) =>
    saliency({ network, dataset, indices, method: 'gradient', ...options }).then(
      () => expect.fail('it was accepted'),
      (cause: EvopatchError) => {
        expect(cause).toBeInstanceOf(EvopatchError);
        return [cause.code, cause.data.option ?? cause.data.layer];
      },
    );

  test('options that do not exist or do not fit', async () => {
    expect(await refusal({ explained: 3 })).toEqual(['INVALID_OPTION', 'explained']);
    expect(await refusal({ explained: 0.5 })).toEqual(['INVALID_OPTION', 'explained']);
    expect(await refusal({ steps: 0, method: 'integrated' })).toEqual(['INVALID_OPTION', 'steps']);
    expect(await refusal({ method: 'grad-cam', layers: ['nose'] })).toEqual(['INVALID_OPTION', 'nose']);
    expect(await refusal({ method: 'grad-cam', layers: ['dense'] })).toEqual(['INVALID_OPTION', 'dense']);
    expect(await refusal({ method: 'grad-cam', layers: [] })).toEqual(['INVALID_OPTION', 'layers']);
    expect(await refusal({ method: 'grad-cam', scalar: 'channel-max' })).toEqual([
      'INVALID_OPTION',
      'scalar',
    ]);
    expect(await refusal({ scalar: 'channel-max', layers: [] })).toEqual(['INVALID_OPTION', 'layers']);
    expect(await refusal({ indices: new Uint32Array() })).toEqual(['INVALID_DATA', undefined]);
    expect(await refusal({ dataset: faces })).toEqual(['INVALID_DATA', undefined]);
  });

  test('to continue after an abort', async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const all = Uint32Array.from({ length: 40 }, (_, i) => i % 5);
    expect(await refusal({ indices: all, signal: controller.signal, onProgress })).toEqual([
      'ABORTED',
      undefined,
    ]);
  });
});
