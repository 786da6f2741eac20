import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CropLayer, NetworkSpec } from '../../src/network/spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { frameStatistics, type Samples } from '../../src/nn/samples.ts';
import { Session, type Weights } from '../../src/nn/session.ts';
import { ZOO, zooNetwork } from '../../src/zoo/zoo.ts';
import { largestDifference, randomSamples, randomWeights } from '../nn/harness.ts';
import { useWasm } from './tfjs-gradients.ts';
import { tfjsModel, weightsOf } from './tfjs-model.ts';

const TOLERANCE = 1e-4;
const LANES = 16;
/** Batches to try: if rounding tips over a ReLU or a maximum, the next batch decides. */
const ATTEMPTS = 3;

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine();
  await useWasm();
});

/** Prepares faces for tfjs: cropped, scaled and resampled by its own operations. */
function facesOf(spec: NetworkSpec, samples: Samples, count: number): tf.Tensor4D {
  const [crop, resize] = spec.layers as [CropLayer, NetworkSpec['layers'][number]];
  const statistics = tf.tensor(frameStatistics(samples).subarray(0, 2 * count), [count, 1, 1, 2]);
  const [mean, inverse] = tf.split(statistics, 2, 3);
  const { frameSize } = samples;
  const pixels = tf.tensor4d(Float32Array.from(samples.frames.subarray(0, count * frameSize ** 2)), [
    count,
    frameSize,
    frameSize,
    1,
  ]);
  const face = pixels.slice([0, crop.y, crop.x, 0], [count, crop.height, crop.width, 1]);
  const scaled = {
    raw: () => face,
    signed: () => face.div(255).sub(0.5).mul(2),
    normalized: () => face.sub(mean).mul(inverse),
  }[crop.levels ?? 'normalized']() as tf.Tensor4D;
  return resize.kind === 'resize'
    ? tf.image.resizeBilinear(scaled, [resize.height, resize.width], false, true)
    : scaled;
}

/** Dropout draws its own random numbers in each system, so it is switched off. */
function withoutChance(spec: NetworkSpec): NetworkSpec {
  return {
    ...spec,
    layers: spec.layers.map((layer) => (layer.kind === 'dropout' ? { ...layer, rate: 0 } : layer)),
  };
}

function penaltyOf(spec: NetworkSpec, weights: Weights): number {
  return spec.layers.reduce((sum, layer) => {
    if (layer.kind !== 'conv2d' || layer.l2 === undefined) return sum;
    const values = Array.from(weights.get(`${layer.name}/weights`) ?? []);
    return sum + layer.l2 * values.reduce((squares, weight) => squares + weight ** 2, 0);
  }, 0);
}

const largest = (values: Float32Array) => values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);

const STAND_STILL = [0, 0, 0, 0, 0, 0, 0];

/** Random weights with the running statistics that go with them, and logits that do not drown the softmax. */
function settledWeights(spec: NetworkSpec, samples: Samples, indices: Uint32Array, seed: string): Weights {
  const weights = new Map(randomWeights(engine, spec, seed));
  const [crop] = spec.layers as readonly CropLayer[];
  const first = spec.layers.find(({ kind }) => kind === 'conv2d')?.name;
  if (crop.levels === 'raw') {
    const name = `${first}/weights`;
    weights.set(
      name,
      (weights.get(name) as Float32Array).map((weight) => weight / 128),
    );
  }
  setUpdates(weights, 0);
  const session = new Session(engine, spec, LANES, { optimizer: 'sgd', clip: false });
  session.setWeights(weights);
  session.train(samples, indices, [], new Float32Array(LANES * spec.classes), STAND_STILL, 0);
  const settled = session.weights();
  setUpdates(settled, 1000);
  return settled;
}

function setUpdates(weights: Map<string, Float32Array>, updates: number): void {
  for (const name of weights.keys())
    if (name.endsWith('/updates')) weights.set(name, Float32Array.of(updates));
}

/** Finds what a step of rate 1 subtracted from each trained array, and the running statistics after it. */
function changes(before: Weights, after: Weights) {
  const isRunning = (name: string) => name.endsWith('/mean') || name.endsWith('/variance');
  const trained = [...before].filter(([name]) => !isRunning(name) && !name.endsWith('/updates'));
  const taken = trained.map(([name, values]) => {
    const later = after.get(name) as Float32Array;
    return [name, values.map((value, i) => value - later[i])] as const;
  });
  return { taken: new Map(taken), running: new Map([...after].filter(([name]) => isRunning(name))) };
}

/** Whether a batch normalisation cancels a bias: its gradient is 0, so only rounding is left. */
function isNormalizedAway(spec: NetworkSpec, parameter: string): boolean {
  const readers = spec.layers.filter((layer) => 'input' in layer && `${layer.input}/bias` === parameter);
  return readers.length === 1 && readers[0].kind === 'batch-normalization';
}

/** Differences between the engine and tfjs, each in its own measure. */
interface Differences {
  readonly prediction: number;
  readonly loss: number;
  readonly running: number;
  /** The maximum, as a share of the array's maximum gradient (or of a part of the network's if that is tiny). */
  readonly gradient: number;
}

/**
 * Compares a prediction and a training step of both. A lane is a sample: a batch of 16 that repeats a few samples has
 * their statistics and their mean gradient, so tfjs needs only those few.
 */
async function compare(name: string, count: number, seed: string): Promise<Differences> {
  const spec = withoutChance(zooNetwork(name));
  const samples = randomSamples(count, spec.frameSize, spec.classes, seed);
  const indices = Uint32Array.from({ length: LANES }, (_, i) => i % count);
  const weights = settledWeights(spec, samples, indices, seed);

  const session = new Session(engine, spec, LANES, { optimizer: 'sgd', clip: false });
  session.setWeights(weights);
  const prediction = session.predict(samples, indices.subarray(0, count));
  const targets = new Float32Array(LANES * spec.classes);
  indices.forEach((sample, i) => {
    targets[i * spec.classes + samples.labels[sample]] = 1;
  });
  const loss = session.train(samples, indices, [], targets, [1, 0, 0, 0, 0, 0, 0], 0);
  const ours = changes(weights, session.weights());

  tf.engine().startScope();
  const model = tfjsModel(spec, weights);
  const faces = facesOf(spec, samples, count);
  const theirPrediction = tf.softmax(model.predict(faces) as tf.Tensor).dataSync();
  model.compile({
    optimizer: tf.train.sgd(1),
    loss: (wanted, logits) => tf.losses.softmaxCrossEntropy(wanted, logits),
  });
  const labels = tf.oneHot(tf.tensor1d(samples.labels, 'int32'), spec.classes);
  const theirLoss = ((await model.trainOnBatch(faces, labels)) as number) - penaltyOf(spec, weights);
  const theirs = changes(weights, weightsOf(model));
  tf.engine().endScope();

  const overall = Math.max(...[...theirs.taken.values()].map(largest));
  const gradients = [...theirs.taken].map(([entry, gradient]) => {
    const scale = isNormalizedAway(spec, entry) ? overall : Math.max(largest(gradient), 0.05 * overall);
    return largestDifference(ours.taken.get(entry), gradient) / scale;
  });
  const running = [...theirs.running].map(
    ([entry, values]) => largestDifference(ours.running.get(entry), values) / (1 + largest(values)),
  );
  return {
    prediction: largestDifference(prediction, theirPrediction),
    loss: Math.abs(loss / theirLoss - 1),
    running: Math.max(0, ...running),
    gradient: Math.max(...gradients),
  };
}

/** Dense layers with batch normalisation need more than a few samples: two always lie at −1 and 1. */
const SAMPLES: Readonly<Record<string, number>> = {
  ferShallow: 16,
  ferDeep: 16,
  baseline: 16,
  agrawalMittal: 4,
};

describe('like tfjs-layers in a prediction and a training step:', () => {
  it.each(Object.keys(ZOO))('%s', { timeout: 120_000 }, async (name) => {
    let gradient = Number.POSITIVE_INFINITY;
    for (let attempt = 1; attempt <= ATTEMPTS && !(gradient < TOLERANCE); attempt++) {
      const differences = await compare(name, SAMPLES[name] ?? 2, `${name} ${attempt}`);
      expect(differences.prediction, 'prediction').toBeLessThan(TOLERANCE);
      expect(differences.loss, 'loss').toBeLessThan(TOLERANCE);
      expect(differences.running, 'running statistics').toBeLessThan(TOLERANCE);
      gradient = differences.gradient;
    }
    expect(gradient, 'gradient').toBeLessThan(TOLERANCE);
  });
});
