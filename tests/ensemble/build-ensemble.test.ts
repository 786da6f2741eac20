import { beforeAll, expect, test } from 'vitest';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { buildEnsemble } from '../../src/ensemble/build-ensemble.ts';
import type { NamedModel } from '../../src/ensemble/ensemble.ts';
import { samplesOf } from '../../src/fitness/evaluate.ts';
import { parameterCount } from '../../src/network/describe.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { measure } from '../../src/nn/measure.ts';
import { someFaces, trainedModel } from './models.ts';

let dataset: Dataset;
let models: NamedModel[];
beforeAll(async () => {
  const engine = await openEngine();
  dataset = await someFaces();
  models = ['a', 'b', 'c', 'd'].map((name) => ({ name, model: trainedModel(engine, dataset, name) }));
});

test('a mean of equal weights needs no fitting: the two halves together measure what the ensemble does', () => {
  const { model, crossFitted, members, samples } = buildEnsemble({ models, dataset });
  const rows = indicesOf(dataset, 'validation');
  const found = measure(model.network.predict(samplesOf(dataset), rows), dataset.labels, rows, 7);
  expect(samples).toBe(rows.length);
  expect(crossFitted.accuracy).toBeCloseTo(found.accuracy, 10);
  expect(crossFitted.loss).toBeCloseTo(found.loss, 6);
  expect(members.map(({ weight }) => weight)).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect(model.info.weightsDataset).toBeUndefined();
});

test.each(['accuracy', 'confidence', 'voting'] as const)('%s gives an ensemble of all', (method) => {
  const { model, members } = buildEnsemble({ models, dataset, method });
  expect(members).toHaveLength(4);
  expect(members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 10);
  expect(model.info.method).toBe(method);
  expect(model.info.weightsDataset).toBe(method === 'voting' ? undefined : dataset.hash);
});

test('test and training rows have no part in it', () => {
  const options = { models, method: 'confidence', select: 'loss' } as const;
  const expected = buildEnsemble({ ...options, dataset });
  const labels = dataset.labels.slice();
  for (const split of ['train', 'test'] as const) {
    for (const row of indicesOf(dataset, split)) labels[row] = (labels[row] + 1) % 7;
  }
  const changed = buildEnsemble({ ...options, dataset: { ...dataset, labels } });
  expect(changed.model.network.weights).toEqual(expected.model.network.weights);
  expect(changed.crossFitted).toEqual(expected.crossFitted);
  for (const row of indicesOf(dataset, 'validation')) labels[row] = (labels[row] + 1) % 7;
  const other = buildEnsemble({ ...options, dataset: { ...dataset, labels } });
  expect(other.model.network.weights).not.toEqual(expected.model.network.weights);
});

test('a selection stays within its parameters', () => {
  const one = parameterCount(models[0].model.network.spec);
  const { members } = buildEnsemble({ models, dataset, select: 'loss', maximumParameters: 2 * one });
  expect(members.length).toBeLessThanOrEqual(2);
  expect(() => buildEnsemble({ models, dataset, select: 'loss', maximumParameters: 10 })).toThrow(
    'within the limit',
  );
});

test('classes of the data are found by their names', () => {
  const classes = dataset.classes.toReversed();
  const labels = dataset.labels.map((label) => classes.length - 1 - label);
  const { model: _, ...expected } = buildEnsemble({ models, dataset });
  expect(buildEnsemble({ models, dataset: { ...dataset, classes, labels } })).toMatchObject(expected);
});

test('data without validation rows, or with classes that the models do not know, are refused', () => {
  const splits = new Uint8Array(dataset.count);
  const refused = { code: 'INVALID_DATA' };
  const build = (other: Partial<Dataset>) => () =>
    buildEnsemble({ models, dataset: { ...dataset, ...other } });
  expect(build({ splits })).toThrow(expect.objectContaining(refused));
  expect(build({ classes: dataset.classes.map((name) => `${name}!`) })).toThrow(
    expect.objectContaining(refused),
  );
  const subjects = new Int32Array(dataset.count);
  expect(build({ subjects })).toThrow('one person');
});

test('unknown options are refused by name', () => {
  const wrong = { method: 'product', smoothing: 0, sharpness: 0.5, select: 'size', maximumMembers: 0 };
  for (const [option, given] of Object.entries(wrong)) {
    expect(() => buildEnsemble({ models, dataset, [option]: given })).toThrow(`'${option}'`);
  }
});
