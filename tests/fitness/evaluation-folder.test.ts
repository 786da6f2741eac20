import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evaluate } from '../../src/fitness/evaluate.ts';
import { contentKey, type Evaluation } from '../../src/fitness/evaluation.ts';
import { openEvaluationFolder } from '../../src/fitness/evaluation-folder.ts';
import type { EvaluationStore } from '../../src/fitness/evaluation-store.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { dataset, request } from './requests.ts';

describe('a folder of evaluations', () => {
  const light = request('a');
  const heavy = { ...request('b'), keepWeights: true };
  const lightKey = contentKey(light, dataset.hash, 'fused');
  const heavyKey = contentKey(heavy, dataset.hash, 'fused');
  let folder: string;
  let warnings: string[];
  let evaluations: Evaluation[];
  let store: EvaluationStore;
  const open = () => openEvaluationFolder(join(folder, 'cache'), (message) => warnings.push(message));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
    warnings = [];
    const engine = await openEngine();
    evaluations = [light, heavy].map((one) => evaluate(engine, dataset, one));
    store = await open();
    await store.put(lightKey, evaluations[0]);
    await store.put(heavyKey, evaluations[1]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const filesOf = async () => {
    const entries = await readdir(join(folder, 'cache'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };

  test('keeps them for the next process, with their weights', async () => {
    const other = await open();
    expect([await other.get(lightKey), await other.get(heavyKey)]).toEqual(evaluations);
    expect(await other.get('0'.repeat(64))).toBeUndefined();
    expect(await filesOf()).toHaveLength(3);
  });

  test('does not keep what may have been the fault of a machine', async () => {
    for (const reason of ['error', 'crash', 'diverged'] as const) {
      await store.put(reason, { status: 'failed', reason, message: '' });
    }
    expect(await Promise.all(['error', 'crash', 'diverged'].map(store.get))).toEqual([
      undefined,
      undefined,
      { status: 'failed', reason: 'diverged', message: '' },
    ]);
  });

  test('treats damaged files as missing, for any damage', async () => {
    for (const file of await filesOf()) {
      const whole = await readFile(file);
      for (let trial = 0; trial < 40; trial++) {
        const offset = Math.floor((trial / 40) * whole.length);
        const flipped = Uint8Array.from(whole);
        flipped[offset] ^= 1 << (trial % 8);
        for (const damaged of [flipped, whole.subarray(0, offset)]) {
          await writeFile(file, damaged);
          const [key, evaluation] = file.includes(lightKey)
            ? [lightKey, evaluations[0]]
            : [heavyKey, evaluations[1]];
          // A header is padded with white space, of any kind.
          expect([undefined, evaluation]).toContainEqual(await store.get(key));
        }
      }
      await writeFile(file, whole);
    }
    for (const file of await filesOf()) if (file.endsWith('.safetensors')) await rm(file);
    expect(await store.get(heavyKey)).toBeUndefined();
    await store.put(heavyKey, evaluations[1]);
    expect(await store.get(heavyKey)).toEqual(evaluations[1]);
  });

  test('treats the file of another evaluation as missing', async () => {
    const [file] = (await filesOf()).filter((name) => name.includes(lightKey));
    const other = `${lightKey.slice(0, -1)}x`;
    await writeFile(file.replace(lightKey, other), await readFile(file));
    expect(await store.get(other)).toBeUndefined();
  });

  test('warns once if it cannot be written, and continues', async () => {
    await rm(join(folder, 'cache'), { recursive: true });
    await writeFile(join(folder, 'cache'), 'a file');
    await store.put(lightKey, evaluations[0]);
    await store.put(heavyKey, evaluations[1]);
    expect(warnings).toEqual([expect.stringContaining('not kept for other runs')]);
    await expect(open()).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
  });
});
