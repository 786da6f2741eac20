import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/core/version.ts';
import type { Combination, MemberWeights } from '../../src/ensemble/combine.ts';
import { ensembleOf, type Predictor } from '../../src/ensemble/ensemble.ts';
import { singleViewNetwork } from '../../src/genome/single-view.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { crop, dense, flatten, quantize } from '../../src/network/notation.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import { Network } from '../../src/nn/network.ts';
import { modelToTfjs } from '../../src/tfjs/model-to-tfjs.ts';
import { ZOO, zooNetwork } from '../../src/zoo/zoo.ts';
import { largestDifference, randomWeights } from '../nn/harness.ts';
import { everyKind } from '../nn/networks.ts';
import { network } from '../nn/specs.ts';
import { ALL_FACES, FACES, facesFor, GENOMES, MIXED, modelOf, randomNetwork } from '../onnx/networks.ts';
import { open, predict, useTfjs } from './runtime.ts';

const TOLERANCE = 1e-5;
/** As with ONNX: its 183 million multiply-adds round differently in each runtime. */
const TOLERANCES: Readonly<Record<string, number>> = { agrawalMittal: 2e-5 };
const TARGET = { classes: 7, frame: FACES.frame };

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  await useTfjs();
});

/** Checks that TensorFlow.js answers as our engine does, and that the answers say something. */
async function expectSame(model: Model<Predictor>, spec: NetworkSpec): Promise<void> {
  const samples = facesFor(spec);
  const ours = model.network.predict(samples, ALL_FACES);
  expect(ours.reduce((a, b) => Math.max(a, b), 0)).toBeGreaterThan(0.5);
  const theirs = await predict(modelToTfjs(model), samples.frames, spec.frameSize);
  expect(largestDifference(ours, theirs)).toBeLessThan(TOLERANCES[spec.name] ?? TOLERANCE);
}

const expectSameNetwork = (spec: NetworkSpec) =>
  expectSame(modelOf(randomNetwork(engine, spec, spec.name)), spec);

describe('TensorFlow.js answers within 1e-5 of the engine on 500 drawn faces:', { timeout: 300_000 }, () => {
  it.each(Object.keys(ZOO))('%s', (name) => expectSameNetwork(zooNetwork(name)));

  it.each(GENOMES.map((genome) => toNetworkSpec(genome, TARGET)))('$name', (spec) => expectSameNetwork(spec));

  it('the face in place of the patches, reduced to a size between two pixels', async () => {
    const view = { rectangle: { x: 9, y: 8, width: 46, height: 47 }, size: { width: 31, height: 29 } };
    const spec = singleViewNetwork('reduced', GENOMES[0], view, { ...TARGET, maximumMacs: 1e6 });
    expect(spec.layers.map(({ kind }) => kind)).toContain('resize');
    await expectSameNetwork(spec);
  });

  it('every kind of layer, on frames of 16×16 pixels', () => expectSameNetwork(everyKind()));

  it('flat and whole outputs mixed', () => expectSameNetwork(MIXED));

  it.each<[string, Combination, MemberWeights | undefined]>([
    ['equal weights', 'mean', undefined],
    ['weights of each class', 'mean', [1, 2, 3].map((m) => Array.from({ length: 7 }, (_, k) => (m * k) % 5))],
    ['votes', 'votes', undefined],
  ])('an ensemble of %s', async (_name, combination, weights) => {
    const specs = GENOMES.slice(0, 3).map((genome) => toNetworkSpec(genome, TARGET));
    const models = specs.map((spec) => ({
      name: spec.name,
      model: modelOf(randomNetwork(engine, spec, spec.name)),
    }));
    await expectSame(ensembleOf(models, combination, weights), specs[0]);
  });
});

describe('frames that hardly vary', () => {
  const spec = network(8, 3, { face: crop(8, 8), flat: flatten(), logits: dense(3) });

  it('uniform ones and ones with a variance below 1', async () => {
    const weights = randomWeights(engine, spec, 'uniform');
    const model = modelOf(new Network(engine, spec, weights));
    const frames = new Uint8Array(3 * 64).fill(93);
    frames[64] = 94; // one pixel differs
    for (let i = 128; i < 192; i++) frames[i] = 90 + (i % 4); // a variance of 1.25
    const samples = { frames, labels: new Uint8Array(3), frameSize: 8, classes: 3 };
    const ours = model.network.predict(samples, Uint32Array.of(0, 1, 2));
    expect(ours.slice(0, 3)).not.toEqual(ours.slice(3, 6));
    expect(largestDifference(ours, await predict(modelToTfjs(model), frames, 8))).toBeLessThan(TOLERANCE);
  });
});

it('members that cannot choose vote for the first of equal classes', async () => {
  const spec = network(8, 3, { face: crop(8, 8), flat: flatten(), logits: dense(3) });
  const weights = new Map([
    ['logits/weights', new Float32Array(192)],
    ['logits/bias', Float32Array.of(-1, 2, 2)],
  ]);
  const model = modelOf(new Network(engine, spec, weights));
  const both = ensembleOf(
    ['a', 'b'].map((name) => ({ name, model })),
    'votes',
  );
  const samples = { frames: new Uint8Array(64), labels: new Uint8Array(1), frameSize: 8, classes: 3 };
  const ours = both.network.predict(samples, Uint32Array.of(0));
  expect(ours[1]).toBeGreaterThan(ours[2]);
  expect(largestDifference(ours, await predict(modelToTfjs(both), samples.frames, 8))).toBeLessThan(1e-6);
});

describe('the layers model', () => {
  const [genome] = GENOMES;
  const spec = toNetworkSpec(genome, TARGET);
  const someModel = () => modelOf(randomNetwork(engine, spec, spec.name), genome);

  it('says where it comes from and what its numbers mean', async () => {
    const model = someModel();
    const artifacts = modelToTfjs(model, { license: 'CC-BY-4.0' });
    expect(artifacts.generatedBy).toBe(`evopatch ${VERSION}`);
    const layersModel = await open(artifacts);
    expect(layersModel.getUserDefinedMetadata()).toMatchObject({
      format: 'evopatch tfjs',
      version: '1',
      license: 'CC-BY-4.0',
      classes: model.classes,
      frame: model.frame,
      info: model.info,
      genome,
    });
    expect(layersModel.inputs.map(({ shape }) => shape)).toEqual([[null, 64, 64, 1]]);
    expect(layersModel.outputs.map(({ shape }) => shape)).toEqual([[null, 7]]);
  });

  it('shares weights as the network does, and only the network can be trained', async () => {
    const layersModel = await open(modelToTfjs(someModel()));
    const learnt = layersModel.trainableWeights.map((weight) => weight.originalName);
    expect(learnt).toContain('network/patch1.conv1/kernel');
    expect(learnt.filter((name) => name.includes('mirror') || name.startsWith('frames'))).toEqual([]);
    expect(layersModel.getLayer('network/patch1.conv1').inboundNodes.length).toBe(2);
  });

  it('is the same each time', () => {
    expect(modelToTfjs(someModel())).toEqual(modelToTfjs(someModel()));
  });

  it('keeps no tensors from face to face', async () => {
    const layersModel = await open(modelToTfjs(someModel()));
    const read = () => tf.tidy(() => layersModel.predict(tf.zeros([1, 64, 64, 1])) as tf.Tensor).dispose();
    read();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) read();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is not made of networks that it cannot express', () => {
    const integers = network(8, 3, {
      face: crop(8, 8),
      rounded: quantize(0.1, 0),
      flat: flatten(),
      logits: dense(3),
    });
    const model = modelOf(new Network(engine, integers, randomWeights(engine, integers, 'integers')));
    expect(() => modelToTfjs(model)).toThrow(/layer 'rounded': .*integers.*ONNX/);
    const { weights } = someModel().network;
    const broken = modelOf(new Network(engine, spec, new Map([...weights].slice(1))));
    expect(() => modelToTfjs(broken)).toThrow(/patch1.conv1\/weights/);
  });
});
