import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { encodeCheckedJson } from '../../src/core/checked-json.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../src/run/checkpoint.ts';
import { samplers } from '../../src/search/samplers.ts';
import { statesOf } from '../search/searching.ts';
import type { Fault, FaultyFiles } from './faulty-files.ts';

const files = vi.hoisted(() => ({ faulty: undefined as unknown as FaultyFiles }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const { FaultyFiles } = await import('./faulty-files.ts');
  files.faulty = new FaultyFiles(await importOriginal());
  return files.faulty.module;
});

const checkpoints = statesOf(samplers.nsga2, 3).map((state, index): Checkpoint => {
  const member = { hash: 'x', loss: 1, deviation: index === 0 ? null : 0.1, accuracy: 0.5, parameters: 10 };
  const record = {
    index: 0,
    hypervolume: 0.1,
    front: [member],
    evaluations: 8,
    failures: 1,
    samplesSeen: 99,
  };
  return { progress: { state, history: [record] }, elapsedSeconds: index + 0.5 };
});

let folder: string;
let warnings: string[];
const read = () => readCheckpoint(folder, (message) => warnings.push(message));
const fileOf = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  warnings = [];
});
afterEach(async () => {
  files.faulty.arm();
  await rm(folder, { recursive: true, force: true });
});

describe('a checkpoint', () => {
  test('is read as it was written, the fields in their order, and the one before is kept', async () => {
    expect(await read()).toBeUndefined();
    for (const checkpoint of checkpoints) {
      await writeCheckpoint(folder, checkpoint);
      expect(JSON.stringify(await read())).toBe(JSON.stringify(checkpoint));
    }
    expect((await readdir(folder)).sort()).toEqual(['checkpoint.json', 'checkpoint.previous.json']);
    await rm(fileOf('checkpoint.json'));
    expect(await read()).toEqual(JSON.parse(JSON.stringify(checkpoints.at(-2))));
    expect(warnings).toEqual([]);
  });

  test('that is damaged gives way to the one before, and that to none', async () => {
    for (const checkpoint of checkpoints.slice(0, 2)) await writeCheckpoint(folder, checkpoint);
    const text = await readFile(fileOf('checkpoint.json'), 'utf8');
    const digit = text.search(/\d{3}/);
    const changed = `${text.slice(0, digit)}${text[digit] === '1' ? 2 : 1}${text.slice(digit + 1)}`;
    for (const damaged of ['', text.slice(0, -1), text.slice(0, text.length / 2), 'null', '{}', changed]) {
      await writeFile(fileOf('checkpoint.json'), damaged);
      expect(await read()).toEqual(JSON.parse(JSON.stringify(checkpoints[0])));
      expect(warnings.splice(0)).toEqual([expect.stringMatching(/checkpoint\.json: not used/)]);
    }
    await writeFile(fileOf('checkpoint.previous.json'), 'damaged');
    expect(await read()).toBeUndefined();
    expect(warnings).toHaveLength(2);
  });

  test('that is no state of a search is not used', async () => {
    await writeCheckpoint(folder, checkpoints[1]);
    const { checksum: _, ...content } = JSON.parse(await readFile(fileOf('checkpoint.json'), 'utf8'));
    const { state, history } = content.progress;
    const [first, ...others] = state.population;
    for (const progress of [
      { state },
      { state: { ...state, generation: -1 }, history },
      { state: { ...state, population: [{ ...first, genome: { patches: [] } }, ...others] }, history },
      { state: { ...state, population: [{ ...first, loss: null }, ...others] }, history },
      { state: { ...state, credit: { move: { tries: 1, successes: -1 } } }, history },
    ]) {
      await writeFile(fileOf('checkpoint.json'), encodeCheckedJson({ ...content, progress }));
      expect(await read()).toBeUndefined();
      expect(warnings.splice(0)).toHaveLength(1);
    }
  });

  test('of every version that was ever written can be read', async () => {
    const asset = new URL('./assets/checkpoint-1.json', import.meta.url);
    await writeFile(fileOf('checkpoint.json'), await readFile(asset));
    const checkpoint = await read();
    expect(checkpoint?.progress.state.population).toHaveLength(4);
    expect(checkpoint?.progress.history).toHaveLength(2);
  });

  test('of another version is refused', async () => {
    await writeFile(
      fileOf('checkpoint.json'),
      encodeCheckedJson({ format: 'evopatch checkpoint', version: 2, ...checkpoints[0] }),
    );
    await expect(read()).rejects.toMatchObject({
      code: 'INVALID_RUN',
      data: { file: fileOf('checkpoint.json'), given: 2 },
    });
  });
});

describe('writing a checkpoint, whatever happens on the way', () => {
  const [old, next] = checkpoints.slice(1).map((checkpoint) => JSON.parse(JSON.stringify(checkpoint)));
  const kinds: Fault['kind'][] = ['ENOSPC', 'EROFS', 'EIO', 'crash before', 'crash after'];

  test.each(kinds)('%s at every call leaves the old one or the new one', async (kind) => {
    await writeCheckpoint(folder, checkpoints[0]);
    await writeCheckpoint(folder, checkpoints[1]);
    files.faulty.arm();
    await writeCheckpoint(folder, checkpoints[1]);
    const { length } = files.faulty.calls;
    expect(files.faulty.calls).toEqual(
      expect.arrayContaining(['open', 'writeFile', 'handle.sync', 'handle.close', 'rename']),
    );
    const found: unknown[] = [];
    for (let call = 1; call <= length; call++) {
      files.faulty.arm();
      for (const checkpoint of checkpoints.slice(0, 2)) await writeCheckpoint(folder, checkpoint);
      files.faulty.arm({ call, kind });
      await expect(writeCheckpoint(folder, checkpoints[2])).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
      files.faulty.arm();
      const checkpoint = await read();
      expect([old, next]).toContainEqual(checkpoint);
      found.push(checkpoint);
      expect(warnings).toEqual([]);
    }
    expect(found).toContainEqual(old);
    expect(found).toContainEqual(next);
  });
});
