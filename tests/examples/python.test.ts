import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { untrainedModel } from '../../src/bench/untrained-model.ts';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { modelToOnnx } from '../../src/onnx/model-to-onnx.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

/** `EVOPATCH_PYTHON` names another Python, such as that of a virtual environment. */
const PYTHON = process.env.EVOPATCH_PYTHON ?? 'python3';
const FOLDER = join(import.meta.dirname, '..', '..', 'examples', 'python');

function python(...args: string[]): unknown[] {
  const { status, stdout, stderr } = spawnSync(PYTHON, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Says why tests cannot run, or nothing. */
function missing(...packages: string[]): string {
  const found = spawnSync(PYTHON, ['-c', `import ${packages.join()}`]).status === 0;
  return found ? '' : ` (skipped: ${PYTHON} has not ${packages.join(' and ')})`;
}

describe('the examples in Python', () => {
  const withoutRuntime = missing('numpy', 'onnxruntime');
  it.skipIf(withoutRuntime)(`predict as evopatch does${withoutRuntime}`, async () => {
    const folder = temporaryFolder();
    const model = untrainedModel(await openEngine());
    const { frames } = syntheticFaces({ count: 35 });
    writeFileSync(join(folder, 'model.onnx'), modelToOnnx(model));
    writeFileSync(join(folder, 'frames'), frames);
    const rows = python(join(FOLDER, 'predict_onnx.py'), join(folder, 'model.onnx'), join(folder, 'frames'));
    const ours = model.predictFrames(frames);
    expect(rows.length).toBe(35);
    for (const [i, row] of (rows as Record<string, number>[]).entries()) {
      expect(Object.keys(row)).toEqual(model.classes);
      for (const [k, name] of model.classes.entries()) {
        expect(Math.abs(row[name] - ours[i * model.classes.length + k])).toBeLessThan(1e-5);
      }
    }
  });

  const withoutNumpy = missing('numpy');
  it.skipIf(withoutNumpy)(`read weights${withoutNumpy}`, async () => {
    const file = join(temporaryFolder(), 'model.safetensors');
    const model = untrainedModel(await openEngine());
    const { network, classes, frame, info } = model;
    await saveModel(file, { network, classes, frame, info });
    const [fields, ...arrays] = python(join(FOLDER, 'read_weights.py'), file);
    expect(fields).toEqual({ format: 'evopatch model', classes });
    expect(arrays.length).toBe(network.weights.size);
    for (const { name, shape, mean } of arrays as { name: string; shape: number[]; mean: number }[]) {
      const values = network.weights.get(name) ?? new Float32Array();
      expect(shape.reduce((a, b) => a * b, 1)).toBe(values.length);
      expect(mean).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 9);
    }
  });
});
