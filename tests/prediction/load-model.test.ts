import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { loadModel } from '../../src/prediction/load-model.ts';
import { someModel } from './models.ts';
import { samplePhoto } from './photos.ts';

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-load-'));
  const { network, classes, frame, genome, info } = await someModel();
  model = { network, classes, frame, genome, info };
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of the model with some parts replaced. */
async function saved(changes: Partial<Model> = {}): Promise<string> {
  const file = join(folder, 'model.safetensors');
  await saveModel(file, { ...model, ...changes });
  return file;
}

test('a saved model predicts as before', async () => {
  const photo = await samplePhoto(3);
  const expected = await (await someModel()).predictFaces(photo);
  expect(expected).toHaveLength(3);
  const loaded = await loadModel(await saved());
  expect(loaded).toMatchObject({ classes: model.classes, frame: model.frame, genome: model.genome });
  expect(await loaded.predictFaces(photo)).toEqual(expected);
});

test('the engine may be an object or a name', async () => {
  const file = await saved();
  expect((await loadModel(file, { engine: 'wasm' })).network.engine.name).toBe('wasm');
  const engine = await openEngine('wasm');
  expect((await loadModel(file, { engine })).network.engine).toBe(engine);
});

test('the face search is the one of the options', async () => {
  const photo = await samplePhoto(3);
  const whole = await (await loadModel(await saved(), { faces: 'crop' })).predictFaces(photo);
  expect(whole.map(({ box }) => box)).toEqual([{ x: 0, y: 0, width: photo.width, height: photo.height }]);
});

describe('the alignment', () => {
  test('is the one in the model', async () => {
    expect((await loadModel(await saved({ info: { align: 'nose' } }))).align).toBe('nose');
  });

  test('is a similarity if the model names none', async () => {
    expect((await loadModel(await saved({ info: {} }))).align).toBe('similarity');
  });
});

test('a model without a genome has no patches to show', async () => {
  const faces = await (await loadModel(await saved({ genome: undefined }))).predictFaces(
    await samplePhoto(3),
  );
  expect(faces.map(({ patches }) => patches)).toEqual([[], [], []]);
});

describe('refused with the name of the file', () => {
  test.each<[string, Partial<Model>, string]>([
    ['an unknown alignment', { info: { align: 'affine' } }, 'no such alignment (given: affine)'],
    [
      'another frame',
      { frame: { size: 64, border: 8, noseX: 32, noseY: 36 } },
      'reads other face frames than this release makes',
    ],
    ['a damaged genome', { genome: { patches: [] } }, "'patches'"],
  ])('%s', async (_what, changes, message) => {
    const file = await saved(changes);
    await expect(loadModel(file)).rejects.toMatchObject({
      code: 'INVALID_MODEL',
      data: { file },
      message: expect.stringContaining(message),
    });
  });

  test('a file that is no model, and a missing one', async () => {
    const file = join(folder, 'text.safetensors');
    await writeFile(file, 'a text');
    await expect(loadModel(file)).rejects.toMatchObject({ code: 'INVALID_MODEL', data: { file } });
    const missing = join(folder, 'missing.safetensors');
    await expect(loadModel(missing)).rejects.toMatchObject({ code: 'FILE_SYSTEM', data: { file: missing } });
  });

  test.each([null, undefined, 7, new Uint8Array(9), {}])('%s instead of a path', async (file) => {
    await expect(loadModel(file as never)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data: { option: 'file', given: expect.stringMatching(/null|undefined|number|Uint8Array|object/) },
    });
  });

  test('impossible options', async () => {
    const file = await saved();
    await expect(loadModel(file, { engine: 'gpu' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    const faces = 'some' as 'auto';
    await expect(loadModel(file, { faces })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
