import { beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { networkTeacher } from '../../src/distillation/network-teacher.ts';
import { samplesOf } from '../../src/fitness/evaluate.ts';
import { openEngine } from '../../src/nn/engine.ts';
import type { Network } from '../../src/nn/network.ts';
import { someFaces, trainedModel } from '../ensemble/models.ts';

describe('networkTeacher', () => {
  let dataset: Dataset;
  let network: Network;
  beforeAll(async () => {
    dataset = await someFaces();
    ({ network } = trainedModel(await openEngine(), dataset, 'teacher', 3));
  });

  /** The same data with the columns of every frame reversed. */
  const mirrored = (): Dataset => {
    const { size } = dataset.frame;
    const frames = dataset.frames.map((_, index) => {
      const column = index % size;
      return dataset.frames[index - column + size - 1 - column];
    });
    return { ...dataset, frames };
  };

  it('has the same logits for a face and its mirror image, the mean of those of the network', () => {
    const { logits } = networkTeacher(network, dataset);
    const all = Uint32Array.from({ length: dataset.count }, (_, sample) => sample);
    const [seen, reversed] = [dataset, mirrored()].map((data) => network.predict(samplesOf(data), all));
    const means = seen.map((probability, index) => (probability + reversed[index]) / 2);
    expect(logits).toHaveLength(means.length);
    for (const [index, mean] of means.entries()) expect(Math.exp(logits[index])).toBeCloseTo(mean, 5);
    expect(networkTeacher(network, mirrored()).logits).toEqual(logits);
  });

  it('has a hash of its logits', () => {
    const { hash } = networkTeacher(network, dataset);
    expect(networkTeacher(network, mirrored()).hash).toBe(hash);
    const blank: Dataset = { ...dataset, frames: dataset.frames.map(() => 128) };
    expect(networkTeacher(network, blank).hash).not.toBe(hash);
  });
});
