import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untrainedModel } from '../../src/bench/untrained-model.ts';
import { faceAt } from '../../src/browser/face-at.ts';
import type { LocatedFace } from '../../src/landmarks/landmark-detector.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { loadModel } from '../../src/prediction/load-model.ts';
import { describeInChromium, type Visit } from './chromium.ts';
import { type PageServer, servePage } from './page-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const FACE_API = dirname(createRequire(import.meta.url).resolve('face-api.js/package.json'));
const MAX_BYTES = 110_000;
const kernels = (name: string) => readFileSync(join(ROOT, 'dist/kernels', `predict-${name}.wasm`));

/** What pages and workers do first. */
const OPEN = `
const kernels = { relaxed: '/relaxed.wasm', simd: '/simd.wasm' };
const open = async ({ engine = 'auto', ...options } = {}) => {
  const bytes = await (await fetch('/model')).arrayBuffer();
  return evopatch.loadModel(bytes, { engine: await evopatch.openEngine(engine, { kernels }), ...options });
};
const bitsOf = (floats) => Array.from(new Uint32Array(floats.buffer, floats.byteOffset, floats.length));
const framesFor = ({ frame }) => new Uint8Array(3 * frame.size ** 2).map((_, i) => (i * 7) % 251);
const answer = async (options) => {
  const model = await open(options);
  const { variant, numerics } = model.network.engine;
  return { variant, numerics, bits: bitsOf(model.predictFrames(framesFor(model))) };
};
/** A picture of 90 × 70 pixels, without chance. */
const picture = () => {
  const image = new ImageData(90, 70);
  for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : (i * i) % 241;
  return image;
};`;
const WORKER = `import * as evopatch from '/evopatch.js';${OPEN}
answer().then(postMessage);`;

let bundle: Uint8Array;
let folder: string;
let model: string;
let server: PageServer;
beforeAll(async () => {
  const options = { bundle: true, platform: 'browser', format: 'esm', minify: true, write: false } as const;
  const built = await build({
    ...options,
    entryPoints: [join(ROOT, 'src/browser/index.ts')],
    logLevel: 'silent',
  });
  [{ contents: bundle }] = built.outputFiles; // esbuild refuses what only Node has
  folder = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
  model = join(folder, 'model.safetensors');
  await saveModel(model, untrainedModel(await openEngine('wasm')));
  const photo = sharp(join(FACE_API, 'demo/sample1.jpg')).resize(320).png();
  const files = {
    '/': '<!doctype html><html lang="en"><title>page</title>',
    '/evopatch.js': bundle,
    '/worker.js': WORKER,
    '/relaxed.wasm': kernels('relaxed'),
    '/simd.wasm': kernels('simd'),
    '/model': readFileSync(model),
    '/photo.png': await photo.toBuffer(),
  };
  server = await servePage(files, { '/face-api/': `${FACE_API}/` });
});
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

it('is small: with the kernels of both kinds, compressed', () => {
  const parts = [bundle, kernels('relaxed'), kernels('simd')];
  const bytes = parts.reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(MAX_BYTES);
});

describe('a face of which only the nose is known', () => {
  it('lies as the mean face does', () => {
    const { box, points } = faceAt([100, 80], 96);
    expect([points[60], points[61]]).toEqual([100, 80]);
    expect(box).toMatchObject({ x: 52, width: 96, height: 96 });
  });
});

/** Predicts the frames of `framesFor` in Node. */
async function bitsInNode(engine: string): Promise<number[]> {
  const { predictFrames, frame } = await loadModel(model, { engine });
  const frames = new Uint8Array(3 * frame.size ** 2).map((_, i) => (i * 7) % 251);
  const floats = predictFrames(frames);
  return Array.from(new Uint32Array(floats.buffer, floats.byteOffset, floats.length));
}

/** The engines of Node by what a page's engine rounds. */
const SAME = { fused: 'wasm:relaxed', unfused: 'wasm:simd' } as const;

interface Answer {
  readonly variant: string;
  readonly numerics: keyof typeof SAME;
  readonly bits: number[];
}

function inPage<Result>(page: Page, program: string): Promise<Result> {
  return page.evaluate(`(async () => { const evopatch = await import('/evopatch.js');${OPEN}
    ${program} })()`);
}

describeInChromium('evopatch/browser', (visit) => {
  const open = (): Promise<Visit> => visit(server.url);

  it('gives the bits of Node', async () => {
    const { page, problems } = await open();
    const { variant, numerics, bits } = await inPage<Answer>(page, 'return answer();');
    expect(variant).toBe('relaxed');
    expect(bits).toEqual(await bitsInNode(SAME[numerics]));
    expect(new Set(bits).size).toBeGreaterThan(7);
    expect(problems).toEqual([]);
  });

  it('gives them in a worker', async () => {
    const { page, problems } = await open();
    const { numerics, bits } = await inPage<Answer>(
      page,
      `return new Promise((resolve) => {
        new Worker('/worker.js', { type: 'module' }).onmessage = ({ data }) => resolve(data);
      });`,
    );
    expect(bits).toEqual(await bitsInNode(SAME[numerics]));
    expect(problems).toEqual([]);
  });

  it('does without relaxed SIMD', async () => {
    const { page, requests } = await visit('about:blank');
    await page.addInitScript('WebAssembly.validate = () => false'); // as of a browser that lacks it
    await page.goto(server.url);
    const { variant, numerics, bits } = await inPage<Answer>(page, 'return answer();');
    expect({ variant, numerics }).toEqual({ variant: 'simd', numerics: 'unfused' });
    expect(bits).toEqual(await bitsInNode('wasm:simd'));
    expect(requests).not.toContain(`${server.url}/relaxed.wasm`);
  });

  it('reads faces from pixels, canvases, bitmaps and frames of videos, as Node does', async () => {
    const { page, problems } = await open();
    const { pixels, numerics, answers } = await inPage<{
      pixels: number[];
      numerics: keyof typeof SAME;
      answers: Record<string, number>[];
    }>(
      page,
      `const model = await open();
      const image = picture();
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext('2d').putImageData(image, 0, 0);
      const sources = [image, canvas, await createImageBitmap(image), new VideoFrame(canvas, { timestamp: 0 })];
      const located = [evopatch.faceAt([44, 38], 48)];
      const answers = [];
      for (const source of sources) answers.push((await model.predictFaces(source, { located }))[0].probabilities);
      return { pixels: [...image.data], numerics: model.network.engine.numerics, answers };`,
    );
    const inNode = await loadModel(model, { engine: SAME[numerics] });
    const image = { data: pixels, width: 90, height: 70 };
    const [face] = await inNode.predictFaces(image, { located: [faceAt([44, 38], 48)] });
    expect(face.aligned).toBe(true);
    expect(answers).toEqual(answers.map(() => face.probabilities));
    expect(answers).toHaveLength(4);
    expect(problems).toEqual([]);
  });

  it('draws patches onto a canvas, and nothing far from the face', async () => {
    const { page } = await open();
    const { near, far } = await inPage<{ near: number; far: number }>(
      page,
      `const model = await open();
      const [face] = await model.predictFaces(picture(), { located: [evopatch.faceAt([30, 34], 40)] });
      const context = new OffscreenCanvas(180, 140).getContext('2d');
      evopatch.drawFace(context, face, 2);
      const painted = (x) => context.getImageData(x, 0, 60, 140).data.filter((_, i) => i % 4 === 3).filter(Boolean).length;
      return { near: painted(20), far: painted(120) };`,
    );
    expect(near).toBeGreaterThan(500);
    expect(far).toBe(0);
  });

  it("finds faces by the page's face-api, where Node finds them", async () => {
    const { page } = await open();
    page.setDefaultTimeout(60_000);
    const found = await inPage<{ points: number[]; label: string }[]>(
      page,
      `const faceapi = await import('/face-api/dist/face-api.esm.js');
      await faceapi.tf.setBackend('cpu');
      for (const name of ['tinyFaceDetector', 'faceLandmark68Net']) await faceapi.nets[name].loadFromUri('/face-api/model');
      const model = await open({ detector: evopatch.faceApiDetector(faceapi) });
      const photo = new Image();
      photo.src = '/photo.png';
      await photo.decode();
      const faces = await model.predictFaces(photo, { thorough: false });
      return faces.map(({ points, label }) => ({ points: [...points], label }));`,
    );
    const inNode = await loadModel(model, { engine: 'wasm', faces: 'tiny' });
    const photo = sharp(join(FACE_API, 'demo/sample1.jpg')).resize(320).png();
    const faces: readonly LocatedFace[] = await inNode.predictFaces(await photo.toBuffer(), {
      thorough: false,
    });
    expect(faces.length).toBeGreaterThan(0);
    expect(found).toHaveLength(faces.length);
    for (const [i, { points }] of faces.entries()) {
      for (const [j, coordinate] of points.entries()) expect(found[i].points[j]).toBeCloseTo(coordinate, 1);
    }
  }, 120_000);

  it.each([
    ['damaged bytes', 'evopatch.loadModel(new Uint8Array(9))', 'INVALID_MODEL'],
    ['a path', "evopatch.loadModel('model.safetensors')", 'INVALID_OPTION'],
    [
      'a flipped bit',
      `fetch('/model').then((got) => got.arrayBuffer()).then((bytes) => {
        new Uint8Array(bytes)[bytes.byteLength - 100] ^= 1;
        return evopatch.loadModel(bytes);
      })`,
      'INVALID_MODEL',
    ],
    ['an unknown engine', "evopatch.openEngine('native')", 'INVALID_OPTION'],
    ['kernels elsewhere', "evopatch.openEngine('auto')", 'MISSING_PACKAGE'],
    ['no detector', 'open().then((model) => model.predictFaces(picture()))', 'INVALID_OPTION'],
    ['no picture', 'open().then((model) => model.predictFaces(7, { located: [] }))', 'INVALID_IMAGE'],
    [
      'an empty image',
      'open().then((model) => model.predictFaces(new Image(), { located: [] }))',
      'INVALID_IMAGE',
    ],
    [
      'a network that is not loaded',
      `import('/face-api/dist/face-api.esm.js').then(async (faceapi) => {
        await faceapi.tf.setBackend('cpu');
        const model = await open({ detector: evopatch.faceApiDetector(faceapi) });
        return model.predictFaces(picture());
      })`,
      'ENGINE_UNAVAILABLE',
    ],
  ])('refuses %s', async (_, program, code) => {
    const { page } = await open();
    const thrown = await inPage<object>(
      page,
      `return ${program}.catch(({ name, code, data }) => ({ name, code, hint: data.hint }));`,
    );
    expect(thrown).toMatchObject({ name: 'EvopatchError', code });
  });
});
