import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import type { Genome } from '../../src/genome/genome.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { toNetworkSpec } from '../../src/genome/to-network-spec.ts';
import { describeNetwork, parameterCount } from '../../src/network/describe.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { Layout } from '../../src/nn/layout.ts';
import { placeParameters } from '../../src/nn/parameters.ts';
import type { Samples } from '../../src/nn/samples.ts';
import { trainNetwork } from '../../src/nn/train-network.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { anyBounds, DEFAULT_BOUNDS, NETWORK, seeds } from './arbitraries.ts';

/** What learns of a network's weights: all but the running statistics. */
function trainable(weights: ReadonlyMap<string, Float32Array>): Float32Array[] {
  return [...weights].flatMap(([name, values]) => {
    return /\/(mean|variance|updates)$/.test(name) ? [] : [values];
  });
}

it('a network has as many weights as its spec has parameters', () => {
  fc.assert(
    fc.property(anyBounds, seeds, (bounds, seed) => {
      const spec = toNetworkSpec(randomGenome(bounds, randomStream(seed)), bounds);
      const { parameters } = placeParameters(describeNetwork(spec), new Layout(1));
      const weights = trainable(initialWeights(parameters, 'seed'));
      expect(weights.reduce((sum, { length }) => sum + length, 0)).toBe(parameterCount(spec));
    }),
    { numRuns: 60 },
  );
});

it.each(['separate', 'shared'] as const)(
  'half-scale separable %s branches learn from a step',
  async (branches) => {
    const genome: Genome = {
      patches: [
        { dx: -14, dy: -17, width: 20, height: 17, mirrored: true, scale: 2 },
        { dx: 0, dy: 9, width: 16, height: 16, mirrored: false, scale: 1 },
      ],
      network: {
        ...NETWORK,
        branches,
        filters: [8, 12],
        convolutions: 2,
        convolution: 'separable',
        kernel: 5,
      },
    };
    const spec = toNetworkSpec(genome, DEFAULT_BOUNDS);
    const random = randomStream('frames');
    const samples: Samples = {
      frames: Uint8Array.from({ length: 32 * spec.frameSize ** 2 }, () => random.integer(0, 255)),
      labels: Uint8Array.from({ length: 32 }, (_, sample) => sample % 7),
      frameSize: spec.frameSize,
      classes: 7,
    };
    const training = Uint32Array.from(samples.labels.keys());
    const config = trainingConfig({ epochs: 1, batchSize: 32, flip: true });
    const engine = await openEngine();
    const { network, history } = trainNetwork(engine, spec, samples, { training, config, seed: 'step' });
    expect(history[0].trainingLoss).toBeGreaterThan(0);
    const { parameters } = placeParameters(describeNetwork(spec), new Layout(1));
    const before = initialWeights(parameters, 'step');
    for (const [name, values] of network.weights) {
      expect(values.every(Number.isFinite), name).toBe(true);
      if (name.endsWith('/weights')) expect(values, name).not.toEqual(before.get(name));
    }
    const sums = network.predict(samples, training.subarray(0, 2));
    expect(sums.slice(0, 7).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  },
);
