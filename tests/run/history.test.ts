import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evaluate } from '../../src/fitness/evaluate.ts';
import type { Evaluation } from '../../src/fitness/evaluation.ts';
import { openEngine } from '../../src/nn/engine.ts';
import { History } from '../../src/run/history.ts';
import type { EvaluationRecord } from '../../src/search/events.ts';
import { dataset, request } from '../fitness/requests.ts';

let folder: string;
let file: string;
let warnings: string[];
let evaluations: Evaluation[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  file = join(folder, 'history.jsonl');
  warnings = [];
  const engine = await openEngine();
  evaluations = ['a', 'b', 'c'].map((seed) => {
    return evaluate(engine, dataset, { ...request(seed), keepWeights: seed === 'c' });
  });
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => History.open(folder, (message) => warnings.push(message));
const keyOf = (index: number) => `key ${index}`;
const recordOf = (index: number): EvaluationRecord => {
  const place = { purpose: 'fitness', generation: 0, rung: 0, repeat: 0, index } as const;
  return { ...place, network: 'x', key: keyOf(index), status: 'ok', seconds: 2 };
};
const linesOf = async () => (await readFile(file, 'utf8')).split('\n').slice(0, -1);

/** A history with three evaluations, closed. */
async function writeHistory(): Promise<void> {
  const history = await open();
  for (const [index, evaluation] of evaluations.entries()) {
    await history.put(keyOf(index), evaluation);
    await history.append(recordOf(index), evaluation);
  }
  await history.close();
}

/** What a history that is opened anew answers. */
async function answers(): Promise<(Evaluation | undefined)[]> {
  const history = await open();
  const found = await Promise.all(evaluations.map((_, index) => history.get(keyOf(index))));
  await history.close();
  return found;
}

describe('a history', () => {
  test('knows its evaluations at once and when it is opened again', async () => {
    const history = await open();
    await Promise.all(evaluations.map((evaluation, index) => history.append(recordOf(index), evaluation)));
    expect(await history.get(keyOf(1))).toEqual(evaluations[1]);
    expect(await history.get('other')).toBeUndefined();
    expect(history.trainingSeconds).toBe(0);
    await history.close();
    await rm(file);
    await writeHistory();
    expect(await answers()).toEqual(evaluations);
    const again = await open();
    expect(again.trainingSeconds).toBe(6);
    await again.close();
    expect(await readdir(join(folder, 'weights'))).toEqual(['key 2.safetensors']);
    expect(warnings).toEqual([]);
  });

  test('holds a record for programs in every line', async () => {
    await writeHistory();
    const records = (await linesOf()).map((line) => JSON.parse(line));
    expect(records).toEqual(evaluations.map((_, index) => expect.objectContaining(recordOf(index))));
    expect(records[0]).toMatchObject({ predictions: expect.any(String), epochs: expect.any(Array) });
  });

  test('has no line twice when a run goes on, but lines for what failed before', async () => {
    await writeHistory();
    const crash: Evaluation = { status: 'failed', reason: 'crash', message: '' };
    let history = await open();
    await history.append(recordOf(0), evaluations[0]);
    await history.append(recordOf(3), crash);
    await history.append({ ...recordOf(0), purpose: 'random-search' }, evaluations[0]);
    await history.close();
    expect(await linesOf()).toHaveLength(5);
    history = await open();
    expect(await history.get(keyOf(3))).toBeUndefined();
    await history.append(recordOf(3), evaluations[1]);
    await history.close();
    expect(await linesOf()).toHaveLength(6);
  });

  test('cut off anywhere keeps the lines that are whole, and goes on behind them', async () => {
    await writeHistory();
    const bytes = await readFile(file);
    const ends = [...bytes.keys()].filter((place) => bytes[place] === 0x0a);
    for (let length = 0; length < bytes.length; length += 7) {
      await writeFile(file, bytes.subarray(0, length));
      const whole = ends.filter((end) => end < length).length;
      expect(await answers()).toEqual(evaluations.map((one, index) => (index < whole ? one : undefined)));
      expect(await linesOf()).toHaveLength(whole);
    }
    const history = await open();
    await history.append(recordOf(2), evaluations[2]);
    await history.close();
    expect(await answers()).toEqual(evaluations);
    expect(warnings).toEqual([]);
  });

  test('passes over lines that are damaged, and says so', async () => {
    await writeHistory();
    const lines = await linesOf();
    const changed = lines[1].replace('"status":"ok"', '"status":"no"');
    for (const damaged of ['', 'not JSON', '{}', changed, lines[1].slice(1), `\0${lines[1]}`]) {
      await writeFile(file, `${[lines[0], damaged, lines[2]].join('\n')}\n`);
      expect(await answers()).toEqual([evaluations[0], undefined, evaluations[2]]);
      expect(warnings.splice(0)).toEqual([expect.stringMatching(/history\.jsonl, row 2: passed over/)]);
    }
    await appendFile(file, lines[1]);
    await appendFile(file, '\n');
    expect(await answers()).toEqual(evaluations);
  });

  test('does not answer with weights that are lost', async () => {
    await writeHistory();
    await writeFile(join(folder, 'weights', 'key 2.safetensors'), 'damaged');
    expect((await answers())[2]).toBeUndefined();
    await rm(join(folder, 'weights'), { recursive: true });
    expect((await answers())[2]).toBeUndefined();
  });

  test('that cannot be written says so', async () => {
    await writeFile(join(folder, 'occupied'), '');
    await expect(History.open(join(folder, 'occupied'), () => undefined)).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
    });
  });
});
