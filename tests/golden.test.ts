import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { indicesOf } from '../src/data/dataset.ts';
import { syntheticFaces } from '../src/data/synthetic/index.ts';
import { evolvePatches } from '../src/evolution/evolve-patches.ts';
import { samplesOf } from '../src/fitness/evaluate.ts';
import { openEngine } from '../src/nn/engine.ts';
import { trainModel } from '../src/training/train-model.ts';

// Changes that should not alter results must leave these hashes as they are. Whoever alters results on purpose, with a
// new version of the numerics or of the search, replaces them and says so in the changelog.
const GOLDEN = {
  direct: {
    search: 'f2883324a4cc119ab043ff91efdb986a',
    training: '74c77dbf9bf90de3ba7c4e41a4709a1b',
    prediction: 'd082f8d0d57e6e465467cae71167569c',
  },
  winograd: {
    search: '763149f9d733e30d65fcd8f803c1baf7',
    training: 'a47f21a396167d2c51f9d6a22c25ac59',
    prediction: 'ef0105d512f70f13c9287c5f39985dd2',
  },
};
const FORMS = ['direct', 'winograd'] as const;
/** Networks that train in a moment; the convolutions of the first suit no other form. */
const NETWORKS = { direct: 'microExpNet', winograd: 'baseline' };

const hashOf = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 32);
};
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);

const dataset = syntheticFaces({ count: 140, seed: 'golden' });
const engine = await openEngine('auto');

describe.runIf(engine.numerics === 'fused')('with fused numerics the bytes stay the same', () => {
  test.each(FORMS)('of a search, %s', async (convolution) => {
    const lines: string[] = [];
    const result = await evolvePatches({
      dataset,
      convolution,
      seed: 'golden',
      workers: 0,
      population: 6,
      generations: 4,
      finalists: 2,
      fitness: { epochs: 3, batchSize: 16 },
      final: { epochs: 2, batchSize: 16 },
      bounds: { maximumFilters: 8, maximumSide: 16 },
      onEvent: (event) => {
        if (event.type !== 'evaluation' || event.evaluation.status !== 'ok') return;
        const { key, network, loss, accuracy, parameters, macs } = event.evaluation;
        lines.push(JSON.stringify([key, network, loss, accuracy, parameters, macs]));
      },
    });
    const { front, population, referencePoint, history, best } = result;
    const generations = history.map(({ hypervolume }) => hypervolume);
    const ranked = population.map(({ genome, loss, rank }) => [genome, loss, rank]);
    const found = JSON.stringify([best.genome, front, ranked, referencePoint, generations]);
    expect(lines.length).toBeGreaterThan(30);
    expect(hashOf(lines.sort().join('\n'), found)).toBe(GOLDEN[convolution].search);
  });

  test.each(FORMS)('of a training and its predictions, %s', async (convolution) => {
    const { network } = await trainModel({
      dataset,
      network: NETWORKS[convolution],
      seed: 'golden',
      engine,
      config: { epochs: 2, convolution },
    });
    const weights = [...network.weights.values()].map(bytesOf);
    expect(hashOf(...weights)).toBe(GOLDEN[convolution].training);
    const probabilities = network.predict(samplesOf(dataset), indicesOf(dataset, 'validation'));
    expect(hashOf(bytesOf(probabilities))).toBe(GOLDEN[convolution].prediction);
  });
});
