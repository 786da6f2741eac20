import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/hash.ts';
import type { NetworkSpec } from '../../src/network/spec.ts';
import type { Engine } from '../../src/nn/engine.ts';
import { type TrainingOptions, trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { allEngines, bitsOf, randomSamples } from './harness.ts';
import { everyKind, plainNetwork, wideNetwork } from './networks.ts';

const SAMPLES = 80;
const indices = Uint32Array.from({ length: SAMPLES }, (_, i) => i);

let engines: Engine[];

beforeAll(async () => {
  engines = await allEngines();
});

/** A hash of all weights after some steps, of the predictions and of the losses on the way. */
function trained(engine: Engine, spec: NetworkSpec, seed: string, optimizer: 'adamw' | 'sgd'): string {
  const samples = randomSamples(SAMPLES, spec.frameSize, spec.classes, 'bits');
  const config = trainingConfig({
    epochs: 3,
    batchSize: 32,
    optimizer,
    learningRate: optimizer === 'adamw' ? 0.01 : 0.003,
    clipNorm: 1,
    labelSmoothing: 0.1,
    shift: 2,
    rotation: 10,
    zoom: 0.1,
    averaging: 0.9,
    classWeights: 'balanced',
    patience: 5,
  });
  const options: TrainingOptions = { training: indices, validation: indices.subarray(0, 30), config, seed };
  const { network, history } = trainNetwork(engine, spec, samples, options);
  const predictions = new Map([['predictions', network.predict(samples, indices)]]);
  return sha256(bitsOf(network.weights), bitsOf(predictions), canonicalJson(history));
}

const NETWORKS = {
  'every kind of layer': everyKind(),
  'plain layers': plainNetwork(17, 5),
  'wide layers': wideNetwork(),
};

describe.each(Object.entries(NETWORKS))('a network of %s ends in the same bits', (_, spec) => {
  it.each(['fused', 'unfused'] as const)('on all %s engines, however it is trained', (numerics) => {
    const same = engines.filter((engine) => engine.numerics === numerics);
    expect(same.length).toBeGreaterThan(0);
    for (const optimizer of ['adamw', 'sgd'] as const) {
      const hashes = same.map((engine) => trained(engine, spec, 'seed', optimizer));
      expect(
        Object.fromEntries(same.map((engine, i) => [`${engine.name}:${engine.variant}`, hashes[i]])),
      ).toEqual(Object.fromEntries(same.map((engine) => [`${engine.name}:${engine.variant}`, hashes[0]])));
    }
  });

  it('when trained again, and in others with another seed', () => {
    const [engine] = engines;
    const first = trained(engine, spec, 'seed', 'adamw');
    expect(trained(engine, spec, 'seed', 'adamw')).toBe(first);
    expect(trained(engine, spec, 'other', 'adamw')).not.toBe(first);
  });
});

it('fused and unfused engines differ, as their names say', () => {
  const hashes = engines.map(
    (engine) => [engine.numerics, trained(engine, everyKind(), 'seed', 'sgd')] as const,
  );
  const fused = hashes.filter(([numerics]) => numerics === 'fused').map(([, hash]) => hash);
  const unfused = hashes.filter(([numerics]) => numerics === 'unfused').map(([, hash]) => hash);
  expect(fused.some((hash) => unfused.includes(hash))).toBe(false);
});
