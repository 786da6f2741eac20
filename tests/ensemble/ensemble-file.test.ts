import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { costOf, Ensemble, ensembleOf, singleNetwork } from '../../src/ensemble/ensemble.ts';
import { readModel, saveEnsemble } from '../../src/ensemble/ensemble-file.ts';
import { samplesOf } from '../../src/fitness/evaluate.ts';
import { parameterCount } from '../../src/network/describe.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import { readSingleModel, saveModel } from '../../src/nn/model-file.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/nn/safetensors.ts';
import { ENSEMBLE_FORMAT } from '../../src/nn/sealed.ts';
import { decodeSealed, encodeSealed } from '../../src/nn/sealed-file.ts';
import { loadModel } from '../../src/prediction/load-model.ts';
import { someFaces, trainedModel } from './models.ts';

let folder: string;
let file: string;
let engine: Engine;
let dataset: Dataset;
let models: Model[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-ensemble-'));
  file = join(folder, 'together.safetensors');
  engine = await openEngine();
  dataset = await someFaces();
  models = ['a', 'b', 'c'].map((seed) => trainedModel(engine, dataset, seed, 1));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const named = () => models.map((model, index) => ({ name: `model ${index}`, model }));

test('a saved ensemble predicts as before, wherever a model is accepted', async () => {
  const together = ensembleOf(named());
  await saveEnsemble(file, together);
  const samples = samplesOf(dataset);
  const indices = indicesOf(dataset, 'test');
  const expected = together.network.predict(samples, indices);
  const read = await readModel(file, engine);
  expect(read.network).toBeInstanceOf(Ensemble);
  expect(read.network.predict(samples, indices)).toEqual(expected);
  const pixels = dataset.frame.size ** 2;
  const frames = Uint8Array.from(
    [...indices].flatMap((i) => [...dataset.frames.subarray(i * pixels, (i + 1) * pixels)]),
  );
  const loaded = await loadModel(file);
  expect(loaded.predictFrames(frames)).toEqual(expected);
  expect(loaded.align).toBe(dataset.align);
  expect(costOf(read.network).parameters).toBe(3 * parameterCount(models[0].network.spec));
  const again = join(folder, 'again.safetensors');
  await saveEnsemble(again, read as Model<Ensemble>);
  expect(await readFile(again)).toEqual(await readFile(file));
});

test('the mean of one model is the model', () => {
  const [model] = models;
  const indices = indicesOf(dataset, 'test');
  const alone = model.network.predict(samplesOf(dataset), indices);
  const { network } = ensembleOf([{ name: 'one', model }]);
  const together = network.predict(samplesOf(dataset), indices);
  for (const [i, value] of alone.entries()) expect(together[i]).toBeCloseTo(value, 6);
});

test('a single model is read as itself, and what needs one refuses an ensemble', async () => {
  const single = join(folder, 'single.safetensors');
  await saveModel(single, models[0]);
  const read = await readModel(single, engine);
  expect(singleNetwork(read, single).network.spec).toEqual(models[0].network.spec);
  await saveEnsemble(file, ensembleOf(named()));
  const refused = { code: 'INVALID_MODEL', data: { file } };
  await expect(readSingleModel(file, engine)).rejects.toMatchObject(refused);
  const ensemble = await readModel(file, engine);
  expect(() => singleNetwork(ensemble, file)).toThrow('not an ensemble');
});

test('incompatible models are refused', () => {
  const [first, second] = models;
  const pair = (other: Partial<Model>) => [
    { name: 'first', model: first },
    { name: 'second', model: { ...second, ...other } },
  ];
  const refused = (other: Partial<Model>) => () => ensembleOf(pair(other));
  expect(refused({ classes: first.classes.toReversed() })).toThrow('the same classes');
  expect(refused({ frame: { ...first.frame, noseX: 31 } })).toThrow('the same frame');
  expect(refused({ info: { align: 'nose' } })).toThrow('the same alignment');
  expect(() => ensembleOf([])).toThrow('at least one');
});

describe('a file is refused', () => {
  /** The file with other fields, and the checksum that belongs to it. */
  const changed = async (change: (fields: Record<string, unknown>) => object) => {
    await saveEnsemble(file, ensembleOf(named()));
    const { fields, tensors } = decodeSealed(await readFile(file));
    await writeFile(
      file,
      encodeSealed(ENSEMBLE_FORMAT, { fields: { ...fields, ...change(fields) }, tensors }),
    );
    return readModel(file, engine);
  };
  const refused = { code: 'INVALID_MODEL' };

  test.each([
    ['of too few weights', () => ({ weights: [[1]] })],
    [
      'without a weight for a class',
      ({ weights }: Record<string, unknown>) => {
        return { weights: (weights as number[][]).map(([, ...others]) => [0, ...others]) };
      },
    ],
    [
      'of a negative weight',
      ({ weights }: Record<string, unknown>) => {
        return { weights: (weights as number[][]).map(([, ...others]) => [-1, ...others]) };
      },
    ],
    [
      'with a member too few',
      ({ members, weights }: Record<string, unknown>) => {
        return { members: (members as unknown[]).slice(1), weights: (weights as unknown[]).slice(1) };
      },
    ],
    [
      'with a member too many',
      ({ members, weights }: Record<string, unknown>) => {
        const [first] = members as unknown[];
        const [row] = weights as unknown[];
        return { members: [...(members as unknown[]), first], weights: [...(weights as unknown[]), row] };
      },
    ],
    ['with another combination', () => ({ combination: 'product' })],
    ['with other classes', () => ({ classes: ['one', 'two'] })],
  ])('%s', async (_, change) => {
    await expect(changed(change)).rejects.toMatchObject({ ...refused, data: { file } });
  });

  test('with a bit changed', async () => {
    await saveEnsemble(file, ensembleOf(named()));
    const { metadata, tensors } = decodeSafetensors(await readFile(file));
    const [name, { shape, values }] = [...tensors][0];
    const other = new Map([...tensors, [name, { shape, values: values.map((v) => v + 1) }]]);
    await writeFile(file, encodeSafetensors({ metadata, tensors: other }));
    await expect(readModel(file, engine)).rejects.toThrow('checksum');
  });
});
