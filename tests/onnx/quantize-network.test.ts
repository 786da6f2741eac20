import { beforeAll, describe, expect, it } from 'vitest';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { ensembleOf } from '../../src/ensemble/ensemble.ts';
import { samplesOf } from '../../src/fitness/evaluate.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import type { Network } from '../../src/nn/network.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { foldNormalization } from '../../src/onnx/fold-normalization.ts';
import { modelToOnnx } from '../../src/onnx/model-to-onnx.ts';
import { quantizeModel } from '../../src/onnx/quantize-model.ts';
import { zooNetwork } from '../../src/zoo/zoo.ts';
import { NETWORK } from '../genome/arbitraries.ts';
import { largestDifference } from '../nn/harness.ts';
import { everyKind } from '../nn/networks.ts';
import { decodeOnnx } from './decode-onnx.ts';
import { ALL_FACES, FACES, facesFor, modelOf, randomNetwork } from './networks.ts';
import { RUNTIMES, type RuntimeName, runOnnx } from './runtimes.ts';

const GENOME = canonicalGenome({
  patches: [
    { dx: -12, dy: -14, width: 18, height: 14, mirrored: true, scale: 1 },
    { dx: 0, dy: 12, width: 20, height: 15, mirrored: false, scale: 2 },
  ],
  network: { ...NETWORK, filters: [8, 16], convolutions: 2, denseUnits: 24 },
});
const CLASSES = FACES.classes.length;

let engine: Engine;
let trained: Network;
beforeAll(async () => {
  engine = await openEngine();
  const spec = toNetworkSpec(GENOME, { classes: CLASSES, frame: FACES.frame });
  const config = trainingConfig({ epochs: 12, batchSize: 16 });
  trained = trainNetwork(engine, spec, samplesOf(FACES), {
    training: ALL_FACES,
    config,
    seed: 'int8',
  }).network;
});

/** The share of rows with the same largest probability. */
function sameLabels(some: Float32Array, others: Float32Array): number {
  const labelsOf = (probabilities: Float32Array) =>
    Array.from({ length: ALL_FACES.length }, (_, i) => {
      const row = probabilities.subarray(i * CLASSES, (i + 1) * CLASSES);
      return row.indexOf(Math.max(...row));
    });
  const other = labelsOf(others);
  return labelsOf(some).filter((label, i) => label === other[i]).length / ALL_FACES.length;
}

describe('a briefly trained model in 8-bit integers', () => {
  it('gives 99 % of the labels that it gives in floats, in every runtime, and those that evopatch foretells', async () => {
    const samples = samplesOf(FACES);
    const model = quantizeModel(modelOf(trained), FACES);
    expect(model.info.quantized).toBe('int8');
    const file = modelToOnnx(model);
    const floats = trained.predict(samples, ALL_FACES);
    const foretold = model.network.predict(samples, ALL_FACES);
    expect(sameLabels(foretold, floats)).toBeGreaterThanOrEqual(0.99);
    expect(largestDifference(foretold, floats)).toBeGreaterThan(1e-4);
    for (const runtime of Object.keys(RUNTIMES) as RuntimeName[]) {
      const integers = await runOnnx(runtime, file, FACES.frames, FACES.frame.size);
      expect(sameLabels(integers, floats), runtime).toBeGreaterThanOrEqual(0.99);
      expect(sameLabels(integers, foretold), runtime).toBeGreaterThanOrEqual(0.995);
    }
  });

  it('stores its weights as integers, and those of pairs once', () => {
    const { graph } = decodeOnnx(modelToOnnx(quantizeModel(modelOf(trained), FACES)));
    const floats = graph.initializer.filter(
      ({ dataType, rawData }) => dataType === 1 && rawData.length > 4 * 64,
    );
    expect(floats).toEqual([]);
    const names = graph.initializer.map(({ name }) => name);
    expect(names).toContain('network/patch1.conv1/weights/integers');
    expect(names).not.toContain('network/patch1-mirror.conv1/weights/integers');
  });

  it('may be a member of an ensemble', async () => {
    const models = ['a', 'b'].map((name) => ({ name, model: modelOf(trained) }));
    const model = quantizeModel(ensembleOf(models), FACES);
    const foretold = model.network.predict(samplesOf(FACES), ALL_FACES);
    const integers = await runOnnx('onnxruntime-node', modelToOnnx(model), FACES.frames, FACES.frame.size);
    expect(sameLabels(integers, foretold)).toBeGreaterThanOrEqual(0.995);
  });
});

it('is refused for integers, other frames and no faces', () => {
  const model = modelOf(trained);
  expect(() => quantizeModel(quantizeModel(model, FACES), FACES)).toThrow(/integers already/);
  expect(() => quantizeModel(modelOf(randomNetwork(engine, everyKind(), 'k')), FACES)).toThrow(
    /other frames/,
  );
  expect(() => quantizeModel(model, FACES, new Uint32Array())).toThrow(/no faces/);
});

it('measures ranges on training faces alone', () => {
  const faces = syntheticFaces({ count: 140, seed: 'split' });
  const model = modelOf(trained);
  const training = Uint32Array.from(ALL_FACES.subarray(0, 140).filter((i) => faces.splits[i] === 0));
  const [own, chosen] = [quantizeModel(model, faces), quantizeModel(model, faces, training)];
  expect(modelToOnnx(own)).toEqual(modelToOnnx(chosen));
});

describe('a network whose normalisation is part of its weights predicts the same', () => {
  it.each([
    ['every kind', everyKind()],
    ['mini-Xception', zooNetwork('miniXception')],
  ])('%s', (name, spec) => {
    const network = randomNetwork(engine, spec, name);
    const folded = foldNormalization(network);
    expect(folded.spec.layers.length).toBeLessThan(spec.layers.length);
    const some = ALL_FACES.subarray(0, 32);
    const [before, after] = [network, folded].map((one) => one.predict(facesFor(spec), some));
    expect(largestDifference(before, after)).toBeLessThan(1e-5);
  });
});
