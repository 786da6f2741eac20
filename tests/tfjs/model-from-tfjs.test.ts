import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { EvopatchError } from '../../src/core/errors.ts';
import { ensembleOf, networksOf, type Predictor } from '../../src/ensemble/ensemble.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import type { TfjsArtifacts } from '../../src/tfjs/artifacts.ts';
import { modelFromTfjs } from '../../src/tfjs/model-from-tfjs.ts';
import { modelToTfjs } from '../../src/tfjs/model-to-tfjs.ts';
import { zooNetwork } from '../../src/zoo/zoo.ts';
import { largestDifference } from '../nn/harness.ts';
import { everyKind } from '../nn/networks.ts';
import { ALL_FACES, FACES, facesFor, GENOMES, MIXED, modelOf, randomNetwork } from '../onnx/networks.ts';
import { open, saved, useTfjs } from './runtime.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  await useTfjs();
});

const TARGET = { classes: 7, frame: FACES.frame };
const evolved = (number: number) => {
  const spec = toNetworkSpec(GENOMES[number], TARGET);
  return modelOf(randomNetwork(engine, spec, spec.name), GENOMES[number]);
};
const weightsOf = ({ network }: Model<Predictor>) => networksOf(network).map(({ weights }) => weights);

/** Checks that a model comes back with its weights and all that it says. */
function expectBack(back: Model<Predictor>, model: Model<Predictor>): void {
  expect(weightsOf(back)).toEqual(weightsOf(model));
  expect(networksOf(back.network).map(({ spec }) => spec)).toEqual(
    networksOf(model.network).map(({ spec }) => spec),
  );
  const { classes, frame, info, genome } = model;
  expect(back).toMatchObject({ classes, frame, info: { ...info, importedFrom: 'TensorFlow.js' } });
  expect(back.genome).toEqual(genome);
}

describe('what evopatch wrote comes back, also from TensorFlow.js,', () => {
  it.each<[string, () => Model<Predictor>]>([
    ['a genome', () => evolved(0)],
    ['a network of the literature', () => modelOf(randomNetwork(engine, zooNetwork('miniXception'), 'zoo'))],
    ['every kind of layer', () => modelOf(randomNetwork(engine, everyKind(), 'kinds'))],
    ['outputs mixed', () => modelOf(randomNetwork(engine, MIXED, 'mixed'))],
    ['an ensemble', () => ensembleOf([1, 2].map((i) => ({ name: `${i}`, model: evolved(i) })))],
  ])('%s', async (_name, make) => {
    const model = make();
    const artifacts = modelToTfjs(model);
    expectBack(modelFromTfjs(artifacts, engine), model);
    expectBack(modelFromTfjs(await saved(await open(artifacts)), engine), model);
  });

  it('with its licence', () => {
    const back = modelFromTfjs(modelToTfjs(evolved(0), { license: 'MIT' }), engine);
    expect(back.info).toMatchObject({ license: 'MIT' });
  });

  it('with the weights of further training', { timeout: 120_000 }, async () => {
    const layersModel = await open(modelToTfjs(evolved(0)));
    const faces = tf.tensor(Float32Array.from(FACES.frames.subarray(0, 16 * 4096)), [16, 64, 64, 1]);
    const [before] = (layersModel.predict(faces) as tf.Tensor).arraySync() as number[][];
    const kernel = layersModel.getLayer('network/logits');
    const [weights, bias] = kernel.getWeights();
    kernel.setWeights([weights.mul(-1), bias]);
    const back = modelFromTfjs(await saved(layersModel), engine);
    const ours = back.network.predict(
      facesFor({ classes: 7, frameSize: 64 } as never),
      ALL_FACES.subarray(0, 16),
    );
    const theirs = (layersModel.predict(faces) as tf.Tensor).dataSync();
    expect(largestDifference(ours, theirs)).toBeLessThan(1e-5);
    expect(largestDifference(ours.subarray(0, 7), before)).toBeGreaterThan(0.01);
  });
});

/** A small network as others write it, on faces of 48×48. */
function foreign(...more: tf.layers.Layer[]): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.rescaling({ scale: 1 / 255, inputShape: [48, 48, 1] }),
      tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.separableConv2d({ filters: 5, kernelSize: [3, 2], useBias: false }),
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.averagePooling2d({ poolSize: [2, 3], strides: 2, padding: 'same' }),
      tf.layers.depthwiseConv2d({ kernelSize: 2, padding: 'valid' }),
      ...more,
    ],
  });
}

const head = () => [
  tf.layers.flatten(),
  tf.layers.dropout({ rate: 0.3 }),
  tf.layers.batchNormalization({ epsilon: 0.01, scale: false }),
  tf.layers.dense({ units: 6, activation: 'relu' }),
  tf.layers.dense({ units: 3 }),
  tf.layers.softmax(),
];
const CLASSES = { classes: ['a', 'b', 'c'] };

/**
 * Gives every weight, also the statistics, a number that depends on its place alone. Kernels keep the
 * size of their input, and the first one brings faces of 0–255 to 1: with logits in the hundreds, the
 * comparison of probabilities would see nothing but the rounding of the logits.
 */
function shake(model: tf.LayersModel): tf.LayersModel {
  const rescaled = model.layers.some((layer) => layer.getClassName() === 'Rescaling');
  model.setWeights(
    model.getWeights().map((weight, i) => {
      if (weight.rank === 1) return weight.add(tf.randomUniform(weight.shape, 0, 0.3, 'float32', i));
      const summed = weight.size / (weight.shape.at(-1) as number);
      const size = Math.sqrt(3 / summed) / (i === 0 && !rescaled ? 255 : 1);
      return tf.randomUniform(weight.shape, -size, size, 'float32', i);
    }),
  );
  return model;
}

describe('networks of others', { timeout: 120_000 }, () => {
  const cases: [string, () => tf.LayersModel][] = [
    ['a flat end', () => foreign(...head())],
    [
      'a mean and whole frames',
      () =>
        tf.sequential({
          layers: [
            tf.layers.rescaling({ scale: 1 / 127.5, offset: -1, inputShape: [64, 64, 1] }),
            tf.layers.conv2d({ filters: 3, kernelSize: 5 }),
            tf.layers.reLU(),
            tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
            tf.layers.dense({ units: 3, activation: 'softmax' }),
          ],
        }),
    ],
    [
      'a functional chain',
      () => {
        const input = tf.input({ shape: [48, 48, 1] });
        const flat = tf.layers
          .flatten()
          .apply(tf.layers.conv2d({ filters: 2, kernelSize: 9, strides: 4 }).apply(input));
        const output = tf.layers.dense({ units: 3, activation: 'softmax' }).apply(flat);
        return tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
      },
    ],
  ];
  it.each(cases)('with %s answer as they did', async (_name, make) => {
    const model = shake(make());
    const back = modelFromTfjs(await saved(model), engine, CLASSES);
    const side = model.inputs[0].shape[1] as number;
    const count = 40;
    const samples = facesFor({ classes: 3, frameSize: 64 } as never);
    const frames = tf.tensor(Float32Array.from(samples.frames.subarray(0, count * 4096)), [count, 64, 64, 1]);
    const margin = (64 - side) / 2;
    const faces = frames.slice([0, margin, margin, 0], [count, side, side, 1]);
    const theirs = (model.predict(faces) as tf.Tensor).dataSync();
    const ours = back.network.predict(samples, ALL_FACES.subarray(0, count));
    expect(largestDifference(ours, theirs)).toBeLessThan(1e-5);
    expect(largestDifference(ours.subarray(0, 3), ours.subarray(-3))).toBeGreaterThan(0.001);
    expect(back.classes).toEqual(CLASSES.classes);
  });

  const softmax = () => [tf.layers.flatten(), tf.layers.dense({ units: 3, activation: 'softmax' })];
  it.each<[string, () => tf.LayersModel, RegExp]>([
    [
      'an unknown layer',
      () => foreign(tf.layers.zeroPadding2d({ name: 'rim' }), ...softmax()),
      /'rim'.*no layer of this class.*ZeroPadding2D/,
    ],
    [
      'an unknown activation',
      () =>
        foreign(
          tf.layers.conv2d({ name: 'bent', filters: 2, kernelSize: 1, activation: 'tanh' }),
          ...softmax(),
        ),
      /'bent'.*activation.*tanh/,
    ],
    [
      'a dilation',
      () =>
        foreign(tf.layers.conv2d({ name: 'wide', filters: 2, kernelSize: 1, dilationRate: 2 }), ...softmax()),
      /'wide'.*dilation_rate must be 1/,
    ],
    [
      'no softmax',
      () => foreign(tf.layers.flatten(), tf.layers.dense({ name: 'end', units: 3 })),
      /'end'.*softmax/,
    ],
    [
      'another number of classes',
      () => foreign(tf.layers.flatten(), tf.layers.dense({ units: 4, activation: 'softmax' })),
      /one logit for each of 3 classes/,
    ],
    [
      'colour pictures',
      () =>
        tf.sequential({
          layers: [
            tf.layers.flatten({ inputShape: [48, 48, 3], name: 'all' }),
            tf.layers.dense({ units: 3, activation: 'softmax' }),
          ],
        }),
      /grey faces.*48×48/,
    ],
    [
      'branches',
      () => {
        const input = tf.input({ shape: [48, 48, 1] });
        const flat = tf.layers.flatten().apply(input) as tf.SymbolicTensor;
        const both = [1, 2].map(() => tf.layers.dense({ units: 3 }).apply(flat) as tf.SymbolicTensor);
        const sum = tf.layers.add({ name: 'sum' }).apply(both);
        return tf.model({ inputs: input, outputs: tf.layers.softmax().apply(sum) as tf.SymbolicTensor });
      },
      /'sum'.*without branches/,
    ],
  ])('with %s are refused by name', async (_name, make, message) => {
    const artifacts = await saved(make());
    expect(() => modelFromTfjs(artifacts, engine, CLASSES)).toThrow(message);
  });

  it('need names of their classes, which ours have', async () => {
    const artifacts = await saved(foreign(...head()));
    expect(() => modelFromTfjs(artifacts, engine)).toThrow(/'classes'.*does not name its classes/);
    expect(() => modelFromTfjs(artifacts, engine, { ...CLASSES, align: 'face' as never })).toThrow(
      /similarity/,
    );
    expect(() => modelFromTfjs(modelToTfjs(evolved(0)), engine, CLASSES)).toThrow(
      /'classes'.*says this itself/,
    );
  });
});

describe('refuses', () => {
  let whole: TfjsArtifacts;
  beforeAll(() => {
    whole = modelToTfjs(evolved(0));
  });
  // biome-ignore lint/suspicious/noExplicitAny: the cases damage it in every way
  const artifacts = (): any => structuredClone(whole);
  const attempt = (change: (given: ReturnType<typeof artifacts>) => unknown) => {
    const given = artifacts();
    change(given);
    return () => modelFromTfjs(given, engine);
  };

  it.each<[string, Parameters<typeof attempt>[0], RegExp]>([
    [
      'quantised weights',
      (given) => (given.weightSpecs[0].quantization = { dtype: 'uint8', scale: 1, min: 0 }),
      /quantised.*without quantisation/,
    ],
    ['whole numbers', (given) => (given.weightSpecs[0].dtype = 'int32'), /32-bit floats.*int32/],
    ['lost bytes', (given) => (given.weightData = given.weightData.slice(8)), /weights end within/],
    [
      'bytes too many',
      (given) => (given.weightData = [given.weightData, new ArrayBuffer(4)]),
      /should have \d+ bytes/,
    ],
    [
      'lost weights',
      (given) => {
        given.weightData = given.weightData.slice(0, -4 * 7);
        given.weightSpecs.pop();
      },
      /logits\/bias' are missing/,
    ],
    [
      'a changed layer',
      (given) =>
        (given.modelTopology.config.layers.find(
          (one: { name: string }) => one.name === 'network/patch1.conv1',
        ).config.filters = 9),
      /'network\/patch1.conv1'.*filters must be 8/,
    ],
    ['a changed constant', (given) => new Float32Array(given.weightData).set([0.5]), /constants of evopatch/],
    [
      'a further layer',
      (given) =>
        given.modelTopology.config.layers.push({
          class_name: 'ReLU',
          name: 'more',
          config: {},
          inbound_nodes: [[['frames', 0, 0, {}]]],
        }),
      /'more'.*no such layer/,
    ],
    ['another version', (given) => (given.userDefinedMetadata.version = '2'), /version/],
    ['no topology', (given) => (given.modelTopology = undefined), /no topology/],
    [
      'huge networks',
      (given) => {
        for (const layer of given.userDefinedMetadata.network.layers) {
          if (layer.name.startsWith('dense') && layer.kind === 'dense') layer.units = 1_000_000;
        }
      },
      /at most/,
    ],
  ])('%s', (_name, change, message) => {
    expect(attempt(change)).toThrow(message);
  });

  it.each([
    ['weightSpecs', [null, {}, 7, true], /weightSpecs must be a list/],
    ['weightData', [null, {}, 7, 'text', [7]], /weightData must be an ArrayBuffer/],
  ] as const)('%s of other kinds', (field, values, message) => {
    for (const value of values)
      expect(
        attempt((given) => {
          given[field] = value;
        }),
      ).toThrow(message);
  });

  it('anything else as a typed error', () => {
    const given = artifacts();
    const paths: string[][] = [];
    const walk = (value: unknown, path: string[]) => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        paths.push([...path, key]);
        walk(inner, [...path, key]);
      }
    };
    walk(
      {
        modelTopology: given.modelTopology,
        weightSpecs: given.weightSpecs,
        userDefinedMetadata: given.userDefinedMetadata,
      },
      [],
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const damaged = artifacts();
        const holder = path.slice(0, -1).reduce((inner, key) => inner[key], damaged);
        holder[path[path.length - 1]] = value;
        try {
          modelFromTfjs(damaged, engine);
        } catch (error) {
          if (!(error instanceof EvopatchError)) throw error;
        }
      }),
      { numRuns: 200 },
    );
  });
});
