import { beforeAll, expect, test } from 'vitest';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { describeNetwork } from '../../src/network/describe.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { Layout } from '../../src/nn/layout.ts';
import { Network } from '../../src/nn/network.ts';
import { placeParameters } from '../../src/nn/parameters.ts';
import { checkSaliency, SIMILAR } from '../../src/saliency/check-saliency.ts';
import { SALIENCY_METHODS } from '../../src/saliency/explainer.ts';
import { drawnFaces, trainedPatches } from './networks.ts';

let dataset: Dataset;
let network: Network;
let indices: Uint32Array;

beforeAll(async () => {
  dataset = drawnFaces(350);
  network = await trainedPatches(dataset);
  indices = indicesOf(dataset, 'validation').slice(0, 24);
});

test('maps of a trained network change with its weights, layer after layer', async () => {
  const { samples, methods } = await checkSaliency({ network, dataset, indices, steps: 8 });
  expect(samples).toBe(24);
  expect(methods.map(({ method }) => method)).toEqual(SALIENCY_METHODS);
  for (const { method, stages, similarity, passes } of methods) {
    // Four branches, two of which share their kernels; their normalisations are of the same stage.
    expect(stages.map(({ layers }) => layers.filter((name) => !name.includes('norm')))).toEqual([
      ['logits'],
      ['dense'],
      ['patch1.conv2', 'patch2.conv2', 'patch3.conv2'],
      ['patch1.conv1', 'patch2.conv1', 'patch3.conv1'],
    ]);
    expect(stages[3].layers).toContain('patch1.norm1');
    for (const stage of stages) expect(Math.abs(stage.similarity)).toBeLessThan(1);
    expect(similarity).toBe(stages[3].similarity);
    expect(passes, method).toBe(similarity < SIMILAR);
  }
  const gradient = methods[0];
  expect(gradient.passes).toBe(true);
  expect(gradient.similarity).toBeLessThan(gradient.stages[0].similarity);
});

test('depends on the seed alone', async () => {
  const some = { network, dataset, indices, methods: ['gradient'] } as const;
  const first = await checkSaliency({ ...some, seed: 'x' });
  expect(await checkSaliency({ ...some, seed: 'x' })).toEqual(first);
  expect(await checkSaliency({ ...some, seed: 'y' })).not.toEqual(first);
});

test('an untrained network fails the check, because its maps are those of random weights', async () => {
  const { parameters } = placeParameters(describeNetwork(network.spec), new Layout(1));
  const untrained = new Network(network.engine, network.spec, initialWeights(parameters, 'check/0'));
  const { methods } = await checkSaliency({ network: untrained, dataset, indices, draws: 1, steps: 8 });
  for (const { method, similarity, passes } of methods) {
    expect(similarity, method).toBeGreaterThan(0.95); // below 1 where a map is empty
    expect(passes).toBe(false);
  }
});

test('refuses an impossible number of draws', async () => {
  const check = checkSaliency({ network, dataset, indices, draws: 0 });
  await expect(check).rejects.toMatchObject({ code: 'INVALID_OPTION', data: { option: 'draws' } });
});

test('stops on an abort signal', async () => {
  const signal = AbortSignal.abort();
  await expect(checkSaliency({ network, dataset, indices, signal })).rejects.toMatchObject({
    code: 'ABORTED',
  });
});
