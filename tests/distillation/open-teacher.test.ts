import { mkdtemp, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseClasses } from '../../src/data/class-choice.ts';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { openTeacher } from '../../src/distillation/open-teacher.ts';
import { ensembleOf } from '../../src/ensemble/ensemble.ts';
import { saveEnsemble } from '../../src/ensemble/ensemble-file.ts';
import { samplesOf } from '../../src/fitness/evaluate.ts';
import { contentKey } from '../../src/fitness/evaluation.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { softenedTargets } from '../../src/nn/targets.ts';
import { trainingConfig } from '../../src/nn/training-config.ts';
import { someFaces, trainedModel } from '../ensemble/models.ts';

let folder: string;
let file: string;
let engine: Engine;
let dataset: Dataset;
let models: Model[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-teacher-'));
  file = join(folder, 'teacher.safetensors');
  engine = await openEngine();
  dataset = await someFaces();
  models = ['a', 'b'].map((seed) => trainedModel(engine, dataset, seed));
  await saveModel(file, models[0]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Computes the teacher's probabilities of all faces, at temperature 1. */
async function probabilitiesOf(teacherFile: string, data = dataset): Promise<Float32Array> {
  return softenedTargets({ ...(await openTeacher({ file: teacherFile }, data, engine)), temperature: 1 }, 7);
}

const close = (found: Float32Array, wanted: Float32Array) => {
  expect(found).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 5);
};

test('the logits are those of a network, or of an ensemble, for all faces', async () => {
  const all = Uint32Array.from({ length: dataset.count }, (_, i) => i);
  close(await probabilitiesOf(file), models[0].network.predict(samplesOf(dataset), all));
  const together = ensembleOf(models.map((model, i) => ({ name: `${i}`, model })));
  const both = join(folder, 'both.safetensors');
  await saveEnsemble(both, together);
  close(await probabilitiesOf(both), together.network.predict(samplesOf(dataset), all));
});

test('the default temperature and mixing are those of MicroExpNet', async () => {
  const { temperature, mixing, squared } = await openTeacher({ file }, dataset, engine);
  expect({ temperature, mixing, squared }).toEqual({ temperature: 8, mixing: 0.5, squared: false });
});

test('cached logits are read instead of computed, and replaced if they are damaged', async () => {
  const cache = join(folder, 'cache');
  const first = await openTeacher({ file }, dataset, engine, cache);
  const [kept] = await readdir(join(cache, 'teachers'));
  expect(kept).toBe(`${first.hash}.safetensors`);
  const other = { ...dataset, hash: 'other' };
  expect((await openTeacher({ file }, other, engine, cache)).hash).not.toBe(first.hash);
  const dark = { ...dataset, frames: new Uint8Array(dataset.frames.length) }; // gives other logits if they are computed
  const again = await openTeacher({ file, temperature: 2 }, dark, engine, cache);
  expect(again.logits).toEqual(first.logits);
  await writeFile(join(cache, 'teachers', kept), 'damaged');
  expect((await openTeacher({ file }, dataset, engine, cache)).logits).toEqual(first.logits);
  await unlink(join(cache, 'teachers', kept));
});

test('classes in another order are brought into that of the data', async () => {
  const classes = dataset.classes.toReversed();
  const reversed = await probabilitiesOf(file, { ...dataset, classes });
  const straight = await probabilitiesOf(file);
  for (let k = 0; k < 7; k++) expect(reversed[k]).toBeCloseTo(straight[6 - k], 6);
});

test('of a teacher that knows further classes, those of the data count', async () => {
  const whole = await openTeacher({ file }, dataset, engine);
  const part = chooseClasses(dataset, ['sad', 'happy']);
  const { logits } = await openTeacher({ file }, part, engine);
  const [sad, happy] = ['sad', 'happy'].map((name) => dataset.classes.indexOf(name));
  const kept = [...dataset.labels.keys()].filter((i) => [sad, happy].includes(dataset.labels[i]));
  expect([...logits]).toEqual(kept.flatMap((i) => [whole.logits[i * 7 + sad], whole.logits[i * 7 + happy]]));
});

test('an incompatible teacher is refused', async () => {
  const unknown = { ...dataset, classes: dataset.classes.map((name) => `${name}!`) };
  const stranger = { code: 'INVALID_DATA', data: { file } };
  await expect(openTeacher({ file }, unknown, engine)).rejects.toMatchObject(stranger);
  const refused = { code: 'INVALID_MODEL', data: { file } };
  const others: Partial<Dataset>[] = [
    { align: dataset.align === 'nose' ? 'none' : 'nose' },
    { frame: { ...dataset.frame, noseX: 30 } },
  ];
  for (const other of others) {
    await expect(openTeacher({ file }, { ...dataset, ...other }, engine)).rejects.toMatchObject(refused);
  }
  for (const wrong of [{ temperature: 0 }, { mixing: 1.5 }]) {
    const given = openTeacher({ file, ...wrong }, dataset, engine);
    await expect(given).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data: { option: Object.keys(wrong)[0] },
    });
  }
});

test('an evaluation depends on its teacher, and one without has the key that it always had', async () => {
  const teacher = await openTeacher({ file }, dataset, engine);
  const training = indicesOf(dataset, 'train');
  const request = {
    spec: models[0].network.spec,
    stages: [{ training, config: trainingConfig({ epochs: 1 }) }],
    validation: training,
    seed: 'a',
    keepWeights: false,
  };
  const keyOf = (other: object) => contentKey({ ...request, ...other }, 'data', 'fused');
  const taught = [
    { teacher },
    { teacher: { ...teacher, hash: 'x' } },
    { teacher: { ...teacher, temperature: 2 } },
  ];
  const keys = [{}, ...taught].map(keyOf);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keyOf({ teacher: undefined })).toBe(keys[0]);
});
