import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indicesOf } from '../../src/data/dataset.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import { ensembleOf } from '../../src/ensemble/ensemble.ts';
import { readModel, saveEnsemble } from '../../src/ensemble/ensemble-file.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { modelToOnnx } from '../../src/onnx/model-to-onnx.ts';
import { quantizeModel } from '../../src/onnx/quantize-model.ts';
import { someFaces, trainedModel } from '../ensemble/models.ts';
import { decodeOnnx } from '../onnx/decode-onnx.ts';
import { inProcess } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [file, onnx] = [join(folder, 'model.safetensors'), join(folder, 'model.onnx')];
let engine: Engine;
let model: Model;
beforeAll(async () => {
  engine = await openEngine();
  model = trainedModel(engine, await someFaces(), 'export');
  await saveModel(file, model);
});

const exported = (...args: string[]) => inProcess('export', '--onnx', onnx, ...args);

/** Sizes of the splits of the drawn faces that the command measures on. */
async function splitSizes() {
  const faces = await loadDataset('synthetic:210');
  return { test: indicesOf(faces, 'test').length, train: indicesOf(faces, 'train').length };
}

describe('evopatch export', () => {
  it('writes what modelToOnnx gives, and says what it reads', async () => {
    const { code, stdout } = await exported('--model', file);
    expect(code).toBe(0);
    expect(stdout).toContain('frames (uint8, N×1×64×64) to probabilities (float32, N×7)');
    expect(readFileSync(onnx).equals(modelToOnnx(model))).toBe(true);
    const json = JSON.parse(
      (await exported('--model', file, '--input', 'float32', '--license', 'MIT', '--json')).stdout,
    );
    expect(json).toMatchObject({ model: file, file: onnx, input: 'float32', classes: model.classes });
    const { metadataProps } = decodeOnnx(readFileSync(onnx));
    expect(metadataProps).toContainEqual({ key: 'license', value: 'MIT' });
  });

  it('writes ensembles', async () => {
    const both = join(folder, 'ensemble.safetensors');
    await saveEnsemble(both, ensembleOf(['a', 'b'].map((name) => ({ name, model }))));
    expect((await exported('--model', both)).code).toBe(0);
    expect(readFileSync(onnx).equals(modelToOnnx(await readModel(both, engine)))).toBe(true);
  });

  it('computes with integers, and measures what that costs', async () => {
    const args = ['--model', file, '--quantize', 'int8', '--data', 'synthetic:210', '--json'];
    const { code, stdout, stderr } = await exported(...args);
    expect(code, stderr).toBe(0);
    const { quantized, bytes } = JSON.parse(stdout);
    expect(bytes).toBe(readFileSync(onnx).length);
    expect(quantized).toMatchObject({ kind: 'int8', split: 'test' });
    const { test, train } = await splitSizes();
    expect([quantized.samples, quantized.calibrationFaces]).toEqual([test, train]);
    expect(quantized.sameLabels).toBeGreaterThan(0.9);
    expect(Math.abs(quantized.accuracyBefore - quantized.accuracyAfter)).toBeLessThan(0.1);
    const text = await exported(...args.slice(0, -1));
    expect(text.stdout).toMatch(
      /accuracy [\d.]+ % with floats, [\d.]+ % with 8-bit integers; [\d.]+ % of the labels/,
    );
  });

  it('refuses integers without faces, and faces without integers', async () => {
    const [without, needless] = [
      await exported('--model', file, '--quantize', 'int8'),
      await exported('--model', file, '--data', 'synthetic:70'),
    ];
    expect([without.code, needless.code]).toEqual([2, 2]);
    expect(without.stderr).toMatch(/--quantize.*--data/s);
    expect(needless.stderr).toMatch(/--data.*--quantize int8/s);
  });

  it('writes nothing where the model cannot be read', async () => {
    const [broken, target] = [join(folder, 'broken.safetensors'), join(folder, 'none.onnx')];
    writeFileSync(broken, readFileSync(file).subarray(0, 5000));
    const { code } = await inProcess('export', '--model', broken, '--onnx', target);
    expect(code).not.toBe(0);
    expect(existsSync(target)).toBe(false);
  });

  it('exports a model of integers that was saved', async () => {
    const small = join(folder, 'small.safetensors');
    const quantized = quantizeModel(model, await someFaces()) as Model;
    await saveModel(small, quantized);
    expect((await exported('--model', small)).code).toBe(0);
    expect(readFileSync(onnx).equals(modelToOnnx(quantized))).toBe(true);
  });
});
