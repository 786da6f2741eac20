import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import { Network } from '../../src/nn/network.ts';
import type { TfjsArtifacts } from '../../src/tfjs/artifacts.ts';
import { modelToTfjs } from '../../src/tfjs/model-to-tfjs.ts';
import { checkTfjsFolder, readTfjs, writeTfjs } from '../../src/tfjs/tfjs-folder.ts';
import { zooNetwork } from '../../src/zoo/zoo.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { randomWeights } from '../nn/harness.ts';
import { plainNetwork } from '../nn/networks.ts';
import { modelOf } from '../onnx/networks.ts';
import { useTfjs } from './runtime.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
  await useTfjs();
});

const artifactsOf = (seed: string, spec = plainNetwork(16, 3)): TfjsArtifacts =>
  modelToTfjs(modelOf(new Network(engine, spec, randomWeights(engine, spec, seed))));

/** Reads a folder as the server of a page would, by the paths in model.json. */
function served(folder: string): tf.io.IOHandler {
  const read = (path: string) =>
    new Response(readFileSync(join(folder, path)), { headers: { 'content-type': 'application/json' } });
  const fetchFunc = async (url: string | URL | Request) => read(String(url).replace('http://127.0.0.1/', ''));
  return tf.io.browserHTTPRequest('http://127.0.0.1/model.json', { fetchFunc: fetchFunc as typeof fetch });
}

describe('the folder of a layers model', () => {
  it('opens in TensorFlow.js as pages open it, in several files', async () => {
    const folder = join(temporaryFolder(), 'model');
    const artifacts = artifactsOf('large', zooNetwork('baseline'));
    const bytes = await writeTfjs(folder, artifacts);
    const names = readdirSync(folder);
    expect(names.filter((name) => /^weights-[0-9a-f]{16}-\dof2\.bin$/.test(name)).length).toBe(2);
    expect(names.reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0)).toBe(bytes);
    const model = await tf.loadLayersModel(served(folder));
    expect(model.countParams()).toBe(artifacts.weightData.byteLength / 4);
    expect(model.getUserDefinedMetadata()).toMatchObject({ format: 'evopatch tfjs' });
    model.dispose();
    const { weightSpecs, weightData, userDefinedMetadata } = await readTfjs(folder);
    expect({ weightSpecs, userDefinedMetadata }).toEqual({
      weightSpecs: artifacts.weightSpecs,
      userDefinedMetadata: artifacts.userDefinedMetadata,
    });
    expect(Buffer.from(weightData as ArrayBuffer).equals(Buffer.from(artifacts.weightData))).toBe(true);
  });

  it('holds one model after another, and never a mixture', async () => {
    const folder = temporaryFolder();
    await writeTfjs(folder, artifactsOf('first'));
    const first = readdirSync(folder);
    await checkTfjsFolder(folder);
    await writeTfjs(folder, artifactsOf('second'));
    expect(readdirSync(folder).length).toBe(2);
    expect(readdirSync(folder)).not.toEqual(first);
    await writeTfjs(folder, artifactsOf('first'));
    expect(readdirSync(folder)).toEqual(first);
  });

  it('keeps the earlier model where the new one cannot be written', async () => {
    const folder = temporaryFolder();
    await writeTfjs(folder, artifactsOf('first'));
    const before = readFileSync(join(folder, 'model.json'));
    const second = artifactsOf('second');
    const probe = temporaryFolder();
    await writeTfjs(probe, second);
    const shard = readdirSync(probe).find((name) => name.endsWith('.bin')) as string;
    mkdirSync(join(folder, shard)); // in the way of the new weights
    await expect(writeTfjs(folder, second)).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
    expect(readFileSync(join(folder, 'model.json')).equals(before)).toBe(true);
    expect((await readTfjs(folder)).weightData).toEqual(artifactsOf('first').weightData);
  });

  it('is not one with files of others', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'model.json'), '{"format":"layers-model"}');
    await expect(checkTfjsFolder(folder, true)).rejects.toThrow(/holds other files.*model.json.*new folder/);
    await checkTfjsFolder(join(folder, 'new'));
    const notes = temporaryFolder();
    writeFileSync(join(notes, 'notes.txt'), 'mine');
    await expect(checkTfjsFolder(notes)).rejects.toThrow(/holds other files.*notes.txt.*--force/);
    await checkTfjsFolder(notes, true);
  });
});

describe('a malformed folder', () => {
  const change = async (edit: (json: Record<string, never>, folder: string) => unknown) => {
    const folder = temporaryFolder();
    await writeTfjs(folder, artifactsOf('some'));
    const file = join(folder, 'model.json');
    const json = JSON.parse(readFileSync(file, 'utf8'));
    const text = edit(json, folder);
    writeFileSync(file, typeof text === 'string' ? text : canonicalJson(json));
    return folder;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the cases damage it in every way
  it.each<[string, (json: any, folder: string) => unknown, RegExp]>([
    ['no JSON', () => '{"format":', /not JSON/],
    ['JSON of something else', () => '[1, 2]', /model.json/],
    [
      'a graph model',
      (json) => void Object.assign(json, { format: 'graph-model' }),
      /no layers model.*graph-model.*tfjs_layers_model/,
    ],
    [
      'weights elsewhere',
      (json) => void Object.assign(json.weightsManifest[0], { paths: ['../secret.bin'] }),
      /must lie in the folder/,
    ],
    [
      'weights on a server',
      (json) => void Object.assign(json.weightsManifest[0], { paths: ['http://127.0.0.1/x'] }),
      /must lie in the folder/,
    ],
    [
      'missing weights',
      (json) => void Object.assign(json.weightsManifest[0], { paths: ['none.bin'] }),
      /cannot read the weights/,
    ],
    ['no list of weights', (json) => void delete json.weightsManifest, /weightsManifest/],
  ])('of %s is a typed error', async (_name, edit, message) => {
    const folder = await change(edit);
    await expect(readTfjs(folder)).rejects.toThrow(message);
    await expect(readTfjs(folder)).rejects.toMatchObject({ name: 'EvopatchError' });
  });

  it('that is none, or without model.json, is a typed error', async () => {
    const folder = temporaryFolder();
    await expect(readTfjs(folder)).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
    expect(existsSync(folder)).toBe(true);
  });
});
