import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/hash.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import { readSingleModel, saveModel } from '../../src/nn/model-file.ts';
import { Network } from '../../src/nn/network.ts';
import { decodeSafetensors, encodeSafetensors, type Safetensors } from '../../src/nn/safetensors.ts';
import { randomSamples, randomWeights } from './harness.ts';
import { everyKind } from './networks.ts';

const CHANGES = 400;
const spec = everyKind();

let folder: string;
let file: string;
let engine: Engine;
let model: Model;
let saved: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-model-'));
  file = join(folder, 'models', 'first.safetensors');
  engine = await openEngine();
  model = {
    network: new Network(engine, spec, randomWeights(engine, spec, 'model')),
    classes: ['angry', 'happy', 'sad', 'überrascht'],
    frame: { size: 16, border: 2, noseX: 8, noseY: 9 },
    genome: { patches: [{ dx: -3, dy: 0.5 }], note: null },
    info: { numerics: 'fused', dataset: 'abc', seed: 'first', samples: 100, augmented: true },
  };
  await saveModel(file, model);
  saved = await readFile(file);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Writes a whole model as one text. */
function contentOf({ network, ...rest }: Model): string {
  const weights = [...network.weights].map(([name, values]) => [name, [...values]]).sort();
  return canonicalJson({ ...rest, spec: network.spec, weights });
}

async function load(bytes: Uint8Array): Promise<Model> {
  const changed = join(folder, 'changed.safetensors');
  await writeFile(changed, bytes);
  return readSingleModel(changed, engine);
}

/** Rewrites the saved file with another content and its checksum. */
function rewritten(
  change: (content: { metadata: Record<string, string> } & Safetensors) => Partial<Safetensors>,
) {
  const { metadata, tensors } = decodeSafetensors(saved);
  const { sha256: _, ...described } = metadata;
  const changed = { metadata: described, tensors, ...change({ metadata: { ...described }, tensors }) };
  const checksum = sha256(encodeSafetensors(changed));
  return encodeSafetensors({ ...changed, metadata: { ...changed.metadata, sha256: checksum } });
}

const withMetadata = (more: Record<string, string>) =>
  rewritten(({ metadata }) => ({ metadata: { ...metadata, ...more } }));

describe('a model file', () => {
  it('gives back the model, bit for bit, and the same predictions', async () => {
    const loaded = await readSingleModel(file, engine);
    expect(contentOf(loaded)).toBe(contentOf(model));
    expect(loaded.network.engine).toBe(engine);
    const samples = randomSamples(20, 16, 4, 'faces');
    const indices = Uint32Array.from({ length: 20 }, (_, i) => i);
    expect(loaded.network.predict(samples, indices)).toEqual(model.network.predict(samples, indices));
  });

  it('is the same for the same model, and has no other files beside it', async () => {
    const again = join(folder, 'models', 'again.safetensors');
    await saveModel(again, await readSingleModel(file, engine));
    expect(sha256(await readFile(again))).toBe(sha256(saved));
    expect((await readdir(join(folder, 'models'))).sort()).toEqual([
      'again.safetensors',
      'first.safetensors',
    ]);
  });

  it('needs no genome', async () => {
    const { genome: _, ...plain } = model;
    await saveModel(join(folder, 'plain.safetensors'), plain);
    const loaded = await readSingleModel(join(folder, 'plain.safetensors'), engine);
    expect('genome' in loaded).toBe(false);
    expect(contentOf(loaded)).toBe(contentOf(plain));
  });

  it('with any byte changed gives an error that names the file, or an equal model', async () => {
    const index = fc.nat({ max: saved.length - 1 });
    const anywhere = fc.tuple(fc.oneof(index, fc.nat({ max: 3000 })), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(anywhere, async ([at, flip]) => {
        const bytes = Uint8Array.from(saved);
        bytes[Math.min(at, bytes.length - 1)] ^= flip;
        await expectSound(bytes);
      }),
      { numRuns: CHANGES, seed: 5 },
    );
  });

  it('that is too short or too long gives an error that names the file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: saved.length - 1 }),
        fc.uint8Array({ minLength: 1 }),
        async (length, more) => {
          await expect(load(saved.slice(0, length))).rejects.toMatchObject({ code: 'INVALID_MODEL' });
          await expect(load(Uint8Array.from([...saved, ...more]))).rejects.toMatchObject({
            code: 'INVALID_MODEL',
          });
        },
      ),
      { numRuns: 50, seed: 6 },
    );
  });

  async function expectSound(bytes: Uint8Array): Promise<void> {
    try {
      expect(contentOf(await load(bytes))).toBe(contentOf(model));
    } catch (error) {
      expect(error).toMatchObject({
        name: 'EvopatchError',
        code: 'INVALID_MODEL',
        data: { file: join(folder, 'changed.safetensors'), hint: expect.any(String) },
      });
    }
  }
});

describe('loading refuses', () => {
  const network = (change: object) => withMetadata({ network: canonicalJson({ ...spec, ...change }) });
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  it.each<[string, () => Uint8Array, RegExp]>([
    [
      'a container of another kind',
      () => encodeSafetensors({ metadata: {}, tensors: new Map() }),
      /not a model of/,
    ],
    ['another version', () => withMetadata({ version: '2' }), /another version.*reads version 1/],
    ['a field nobody knows', () => withMetadata({ extra: '1' }), /'extra'/],
    ['text that is no JSON', () => withMetadata({ classes: 'angry' }), /not JSON/],
    ['a genome nested too deep', () => withMetadata({ genome: deep(100_000) }), /more than 64 levels/],
    ['too few classes', () => withMetadata({ classes: '["a","b","c"]' }), /4 different classes/],
    ['classes of one name', () => withMetadata({ classes: '["a","b","c","a"]' }), /4 different classes/],
    [
      'frames of another size',
      () => withMetadata({ frame: '{"size":17,"border":2,"noseX":8,"noseY":9}' }),
      /16 pix/,
    ],
    ['info that is no plain value', () => withMetadata({ info: '{"a":[]}' }), /info\.a/],
    [
      'a layer of no known kind',
      () => network({ layers: [{ kind: 'lstm', name: 'a' }] }),
      /network\.layers\[0\]/,
    ],
    [
      'layers that do not fit',
      () => network({ layers: spec.layers.toReversed() }),
      /layer 'logits'.*not an earlier/,
    ],
    ['a network of other classes', () => network({ classes: 5 }), /5 different classes/],
    ['absurd sizes', () => network({ frameSize: 1e9 }), /network\.frameSize/],
  ])('%s', async (_, bytes, problem) => {
    await expect(load(bytes())).rejects.toMatchObject({
      code: 'INVALID_MODEL',
      message: expect.stringMatching(problem),
      data: { file: join(folder, 'changed.safetensors') },
    });
  });

  it('arrays that are missing, superfluous or of another shape', async () => {
    const name = 'hidden/weights';
    const change = (
      edit: (tensors: Map<string, { shape: readonly number[]; values: Float32Array }>) => void,
    ) =>
      rewritten(({ tensors }) => {
        const copy = new Map(tensors);
        edit(copy);
        return { tensors: copy };
      });
    const missing = change((tensors) => tensors.delete(name));
    await expect(load(missing)).rejects.toThrow(/layer 'hidden': the array 'hidden\/weights' is missing/);
    const turned = change((tensors) => {
      const { shape, values } = tensors.get(name) ?? { shape: [], values: new Float32Array() };
      tensors.set(name, { shape: shape.toReversed(), values });
    });
    await expect(load(turned)).rejects.toThrow(/must have the shape/);
    const more = change((tensors) => tensors.set('extra', { shape: [1], values: Float32Array.of(1) }));
    await expect(load(more)).rejects.toThrow(/no such array.*extra/);
  });

  it('missing files and folders', async () => {
    for (const path of [join(folder, 'none.safetensors'), folder, '/dev/zero']) {
      await expect(readSingleModel(path, engine)).rejects.toMatchObject({
        code: 'FILE_SYSTEM',
        data: { file: path },
      });
    }
  });
});

describe('saving refuses', () => {
  const target = () => join(folder, 'refused', 'model.safetensors');

  it.each<[string, () => Partial<Model>, RegExp]>([
    ['classes that do not fit', () => ({ classes: ['a'] }), /4 different classes/],
    ['frames that do not fit', () => ({ frame: { size: 48, border: 0, noseX: 24, noseY: 24 } }), /16 pixels/],
    [
      'no weights',
      () => ({ network: new Network(engine, spec, new Map()) }),
      /'leftConv\/weights' must have/,
    ],
    [
      'weights that are not finite',
      () => ({
        network: new Network(
          engine,
          spec,
          new Map([...model.network.weights, ['logits/bias', new Float32Array(4).fill(Number.NaN)]]),
        ),
      }),
      /'logits\/bias' holds a number that is not finite/,
    ],
  ])('%s, and writes nothing', async (_, change, problem) => {
    await expect(saveModel(target(), { ...model, ...change() })).rejects.toMatchObject({
      code: 'INVALID_MODEL',
      message: expect.stringMatching(problem),
      data: { file: target() },
    });
    await expect(readdir(join(folder, 'refused'))).rejects.toThrow(/ENOENT/);
  });

  it('a path that cannot be written', async () => {
    await writeFile(join(folder, 'occupied'), '');
    const under = join(folder, 'occupied', 'model.safetensors');
    await expect(saveModel(under, model)).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
      data: { file: under },
    });
  });
});
