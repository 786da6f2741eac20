import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensembleOf, networksOf } from '../../src/ensemble/ensemble.ts';
import { readModel, saveEnsemble } from '../../src/ensemble/ensemble-file.ts';
import { type Engine, openEngine } from '../../src/nn/engine.ts';
import type { Model } from '../../src/nn/model.ts';
import { saveModel } from '../../src/nn/model-file.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { someFaces, trainedModel } from '../ensemble/models.ts';
import { inProcess } from './program.ts';

let engine: Engine;
let model: Model;
beforeAll(async () => {
  engine = await openEngine();
  model = trainedModel(engine, await someFaces(), 'import');
});

/** A folder with a saved model in it. */
async function world() {
  const folder = temporaryFolder();
  const file = join(folder, 'model.safetensors');
  await saveModel(file, model);
  return { file, tfjs: join(folder, 'tfjs'), back: join(folder, 'back.safetensors') };
}

describe('evopatch export --tfjs, and evopatch import', () => {
  it('give the same model again', async () => {
    const { file, tfjs, back } = await world();
    const exported = await inProcess('export', '--model', file, '--tfjs', tfjs, '--license', 'MIT');
    expect(exported.code, exported.stderr).toBe(0);
    expect(exported.stdout).toContain('frames (float32, N×64×64×1) to probabilities (float32, N×7)');
    const imported = await inProcess('import', '--tfjs', tfjs, '--out', back, '--json');
    expect(imported.code, imported.stderr).toBe(0);
    expect(JSON.parse(imported.stdout)).toMatchObject({ folder: tfjs, file: back, classes: model.classes });
    const again = await readModel(back, engine);
    expect(networksOf(again.network)[0].weights).toEqual(model.network.weights);
    expect(again.info).toEqual({ ...model.info, importedFrom: 'TensorFlow.js', license: 'MIT' });
    expect((await inProcess('import', '--tfjs', tfjs, '--out', back)).code).toBe(0);
  });

  it('take ensembles', async () => {
    const { file, tfjs, back } = await world();
    await saveEnsemble(
      file,
      ensembleOf(
        ['a', 'b'].map((name) => ({ name, model })),
        'votes',
      ),
    );
    const answer = await inProcess('export', '--model', file, '--tfjs', tfjs, '--json');
    expect(JSON.parse(answer.stdout)).toMatchObject({ format: 'tfjs', file: tfjs, input: 'float32' });
    expect((await inProcess('import', '--tfjs', tfjs, '--out', back)).code).toBe(0);
    expect(networksOf((await readModel(back, engine)).network).length).toBe(2);
  });

  it('say what does not go together', async () => {
    const { file, tfjs } = await world();
    for (const [args, message] of [
      [[], /--onnx FILE or --tfjs DIR/],
      [['--tfjs', tfjs, '--onnx', `${tfjs}.onnx`], /--onnx FILE or --tfjs DIR/],
      [['--tfjs', tfjs, '--quantize', 'int8', '--data', 'synthetic:70'], /8-bit integers.*--onnx/s],
      [['--tfjs', tfjs, '--input', 'uint8'], /float32/],
    ] as const) {
      const { code, stderr } = await inProcess('export', '--model', file, ...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    }
    expect(existsSync(tfjs)).toBe(false);
  });

  it('do not replace the models of trainings, nor write anything of a damaged folder', async () => {
    const { file, tfjs, back } = await world();
    await inProcess('export', '--model', file, '--tfjs', tfjs);
    const before = readFileSync(file);
    const refused = await inProcess('import', '--tfjs', tfjs, '--out', file);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/did not write it.*--force/s)]);
    expect(readFileSync(file).equals(before)).toBe(true);
    const shard = readdirSync(tfjs).find((name) => name.endsWith('.bin')) as string;
    writeFileSync(join(tfjs, shard), readFileSync(join(tfjs, shard)).subarray(0, -4));
    const damaged = await inProcess('import', '--tfjs', tfjs, '--out', back);
    expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringContaining(tfjs)]);
    expect(existsSync(back)).toBe(false);
    const named = await inProcess('import', '--tfjs', tfjs, '--out', back, '--classes', 'a=b');
    expect([named.code, named.stderr]).toEqual([2, expect.stringMatching(/--classes.*renamed/s)]);
  });
});
