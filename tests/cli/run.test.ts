import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { type Ended, evopatch, start } from './program.ts';

const DATA = 'synthetic:210';
const TINY = ['--data', DATA, '--population', '4', '--fitness-epochs', '1', '--final-epochs', '1'];

let folder: string;
let run: string;
let model: string;
let ended: Ended;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  run = join(folder, 'runs', 'tiny');
  model = join(run, 'models', 'best.safetensors');
  const more = ['--generations', '2', '--seed', 'tiny', '--workers', '2', '--finalists', '2', '--json'];
  ended = await evopatch('evolve', ...TINY, ...more, '--out', run);
});
afterAll(() => rm(folder, { recursive: true }));

const json = (text: string) => JSON.parse(text);
const readJson = async (...path: string[]) => json(await readFile(join(...path), 'utf8'));

describe('evolve', () => {
  test('writes the files of a run', async () => {
    expect(ended.code).toBe(0);
    expect((await readdir(run)).sort()).toEqual([
      'checkpoint.json',
      'checkpoint.previous.json',
      'history.jsonl',
      'maps',
      'models',
      'result.json',
      'run.json',
      'weights',
    ]);
    const result = await readJson(run, 'result.json');
    expect(result).toMatchObject({
      seed: 'tiny',
      status: 'complete',
      engine: expect.stringMatching(/^(native|wasm)$/),
      numerics: expect.stringMatching(/^(fused|unfused)$/),
      dataset: { hash: syntheticFaces({ count: 210 }).hash },
      baseline: { parameters: expect.any(Number), validationAccuracy: expect.any(Number) },
      best: {
        genome: { patches: expect.any(Array) },
        parameters: expect.any(Number),
        macs: expect.any(Number),
        coveredPixels: expect.any(Number),
        validationAccuracy: expect.any(Number),
        model: 'models/best.safetensors',
      },
    });
    expect(result.front.length).toBeGreaterThan(0);
    const history = (await readFile(join(run, 'history.jsonl'), 'utf8')).trimEnd().split('\n').map(json);
    expect(history.filter(({ purpose, repeat }) => purpose === 'fitness' && repeat === 0)).toHaveLength(8);
    const picture = await sharp(join(run, 'maps', 'best.png')).metadata();
    expect(picture).toMatchObject({ format: 'png', width: 810, height: 520 });
  });

  test('prints the result with the networks side by side', async () => {
    const printed = json(ended.stdout);
    expect(printed).toMatchObject(await readJson(run, 'result.json'));
    expect(printed.folder).toBe(run);
    const [baseline, evolved] = printed.networks;
    expect([baseline, evolved].map(({ role }) => role)).toEqual(['baseline', 'evolved']);
    expect(evolved).toMatchObject({
      parameters: printed.best.parameters,
      validationAccuracy: printed.best.validationAccuracy,
    });
    for (const network of printed.networks) {
      expect(network.bytes).toBeGreaterThanOrEqual(4 * network.parameters);
      expect(network.facesPerSecond).toBeGreaterThan(0);
    }
  });

  test('shows its progress in plain lines without a terminal', () => {
    expect(ended.stderr).toMatch(
      /^synthetic:210: 210 faces, 7 classes \(126 train, 42 validation, 42 test\)\n/,
    );
    expect(ended.stderr).toMatch(/^generation 2: best .+ parameters/m);
    expect(ended.stderr).toMatch(/^full-face baseline, trained in full: .+ with 1,944,199 parameters$/m);
    expect(ended.stderr).not.toContain('\r');
    expect(ended.stderr).not.toContain('\x1b');
  });

  test('ends with a table and the path of the picture', async () => {
    const out = join(folder, 'plain');
    const { code, stdout } = await evopatch(
      'evolve',
      ...TINY,
      '--generations',
      '1',
      '--workers',
      '0',
      '--out',
      out,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +parameters +MACs +pixels +accuracy \(95 %\) +size +faces\/s$/m);
    for (const row of ['full-face baseline', 'evolved patches', 'whole face', '100,000 parameters'])
      expect(stdout).toContain(row);
    expect(stdout).toMatch(/fewer parameters than the baseline\. .+: [+−]?\d+\.\d points/);
    expect(stdout).toContain(`picture:     ${join(out, 'maps', 'best.png')}`);
  });

  test('refuses a folder that holds something, and leaves it alone', async () => {
    const before = await readFile(join(run, 'result.json'), 'utf8');
    const { code, stdout, stderr } = await evopatch('evolve', ...TINY, '--out', run, '--json');
    expect(code).toBe(1);
    expect(json(stdout).error).toMatchObject({ code: 'FILE_SYSTEM', file: run });
    expect(stderr).toContain('Choose a new folder for each run');
    expect(await readFile(join(run, 'result.json'), 'utf8')).toBe(before);
  });

  test.each([
    ['file/run', 'is a file, not a folder'],
    ['/proc/run', 'nothing can be written to the folder /proc'],
  ])('refuses the folder %s that cannot be made', async (path, reason) => {
    await writeFile(join(folder, 'file'), '');
    const out = path.startsWith('/') ? path : join(folder, path);
    const { code, stderr } = await evopatch('evolve', ...TINY, '--out', out);
    expect(code).toBe(1);
    expect(stderr).toContain(`evopatch: ${out}, '--out': `);
    expect(stderr).toContain(reason);
    const [, told] = stderr.split('evopatch: ');
    expect(told.trimEnd().split('\n').length).toBeLessThanOrEqual(2); // the problem and what to do, no stack
  });

  test('refuses data that are none', async () => {
    const file = join(folder, 'wrong.csv');
    await writeFile(file, 'a,b\n1,2\n');
    const args = ['--data', file, '--cache', 'none', '--out', join(folder, 'never')];
    const { code, stderr } = await evopatch('evolve', ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/wrong\.csv, row 1: not the header of a data set \(given: a,b\)\n/);
    expect(await readdir(folder)).not.toContain('never');
  });
});

describe('interrupted', () => {
  test('it ends with 130 and the best so far in a folder that is whole', async () => {
    const out = join(folder, 'interrupted');
    const more = ['--generations', '1000', '--no-baseline', '--workers', '1', '--json', '--out', out];
    const { child, said, ended: end } = start(['evolve', ...TINY, ...more]);
    await said('generation 2:');
    child.kill('SIGINT');
    const { code, stdout } = await end;
    expect(code).toBe(130);
    const result = await readJson(out, 'result.json');
    expect(result).toMatchObject({ status: 'aborted', best: { model: null, validationAccuracy: null } });
    expect(result.history.length).toBeGreaterThanOrEqual(2);
    expect(json(stdout)).toMatchObject({ status: 'aborted', best: { hash: result.best.hash } });
    expect((await sharp(join(out, 'maps', 'best.png')).metadata()).format).toBe('png');
    expect((await evopatch('inspect', '--run', out)).code).toBe(0);
  });

  test('before anything was evaluated it says so', async () => {
    const more = ['--generations', '9', '--fitness-epochs', '500', '--no-baseline', '--workers', '1'];
    const { child, said, ended: end } = start(['evolve', ...TINY, ...more, '--out', join(folder, 'early')]);
    await said('networks to train');
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 130, stderr: expect.stringContaining('before any genome') });
  });
});

describe('evaluate', () => {
  test('measures a model on the test rows', async () => {
    const { code, stdout } = await evopatch('evaluate', '--model', model, '--data', DATA, '--json');
    expect(code).toBe(0);
    const report = json(stdout);
    const { best, dataset } = await readJson(run, 'result.json');
    expect(report).toMatchObject({
      samples: 42,
      split: 'test',
      classes: dataset.classes,
      parameters: best.parameters,
      macs: best.macs,
    });
    const { confusion, accuracy, interval95, balancedAccuracy, perClass } = report;
    const right = confusion.reduce((sum: number, row: number[], index: number) => sum + row[index], 0);
    expect(confusion.flat().reduce((sum: number, count: number) => sum + count, 0)).toBe(42);
    expect(accuracy).toBeCloseTo(right / 42, 12);
    expect(interval95[0]).toBeLessThan(accuracy + 1e-9);
    expect(interval95[1]).toBeGreaterThan(accuracy - 1e-9);
    const recalls = perClass.map(({ recall }: { recall: number }) => recall);
    expect(balancedAccuracy).toBeCloseTo(recalls.reduce((a: number, b: number) => a + b) / 7, 12);
    for (const [index, scores] of perClass.entries()) {
      const support = confusion[index].reduce((a: number, b: number) => a + b);
      const given = confusion.reduce((sum: number, row: number[]) => sum + row[index], 0);
      expect(scores).toMatchObject({ class: dataset.classes[index], support });
      expect(scores.recall).toBeCloseTo(confusion[index][index] / support, 12);
      expect(scores.precision).toBeCloseTo(given === 0 ? 0 : confusion[index][index] / given, 12);
    }
  });

  test('on the validation rows finds the accuracy that the run reports', async () => {
    const args = ['--model', model, '--data', DATA, '--split', 'validation', '--json'];
    const { stdout } = await evopatch('evaluate', ...args);
    const { best } = await readJson(run, 'result.json');
    expect(json(stdout)).toMatchObject({ accuracy: best.validationAccuracy, interval95: best.interval95 });
    expect(
      json((await evopatch('evaluate', ...args.slice(0, 4), '--split', 'all', '--json')).stdout).samples,
    ).toBe(210);
  });

  test('prints tables for people', async () => {
    const { code, stdout } = await evopatch('evaluate', '--model', model, '--data', DATA);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^42 faces \(test\)\naccuracy \d+\.\d % \(95 %: \d+\.\d % to \d+\.\d %\)/);
    expect(stdout).toMatch(/^true \\ predicted +angry +disgust/m);
  });

  test('refuses data of other classes, and takes the same classes in another order', async () => {
    const grey = await sharp({ create: { width: 48, height: 48, channels: 3, background: '#888888' } })
      .png()
      .toBuffer();
    const { dataset } = await readJson(run, 'result.json');
    const write = async (name: string, classes: string[]) => {
      for (const [index, one] of classes.entries()) {
        await mkdir(join(folder, name, one), { recursive: true });
        for (let copy = 0; copy <= index; copy++)
          await writeFile(join(folder, name, one, `${copy}.png`), grey);
      }
      return await evopatch(
        'evaluate',
        '--model',
        model,
        '--data',
        join(folder, name),
        ...['--align', 'none', '--cache', 'none', '--split', 'all', '--json'],
      );
    };
    const foreign = await write('animals', ['cat', 'dog']);
    expect(foreign.code).toBe(1);
    expect(json(foreign.stdout).error).toMatchObject({ code: 'INVALID_DATA', given: 'cat, dog' });
    const ordered = await write('people', dataset.classes);
    expect(ordered.code).toBe(0);
    const supports = json(ordered.stdout).perClass.map(({ support }: { support: number }) => support);
    expect(supports).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test.each([
    ['damaged', (bytes: Buffer) => bytes.with(bytes.length - 100, bytes[bytes.length - 100] ^ 1)],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 1000)],
    ['empty', () => Buffer.alloc(0)],
  ])('refuses a model file that is %s', async (name, damage) => {
    const file = join(folder, `${name}.safetensors`);
    await writeFile(file, damage(await readFile(model)));
    for (const args of [
      ['evaluate', '--data', DATA],
      ['inspect'],
      ['map', '--out', join(folder, 'never.png')],
    ]) {
      const { code, stdout, stderr } = await evopatch(...args, '--model', file, '--json');
      expect(code).toBe(1);
      expect(json(stdout).error).toMatchObject({ code: 'INVALID_MODEL', file });
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect(await readdir(folder)).not.toContain('never.png');
  });
});

describe('inspect', () => {
  test('shows the same network whether by model or by run', async () => {
    const byModel = json((await evopatch('inspect', '--model', model, '--json')).stdout);
    const byRun = json((await evopatch('inspect', '--run', run, '--json')).stdout);
    const { best } = await readJson(run, 'result.json');
    for (const report of [byModel, byRun]) {
      expect(report).toMatchObject({
        parameters: best.parameters,
        macs: best.macs,
        genome: best.genome,
        summary: best.summary,
      });
    }
    expect(byModel.layers).toEqual(byRun.layers);
    const sum = (field: 'parameters' | 'macs') =>
      byModel.layers.reduce((total: number, layer: Record<string, number>) => total + layer[field], 0);
    expect([sum('parameters'), sum('macs')]).toEqual([best.parameters, best.macs]);
    expect(byModel.layers.at(-1)).toMatchObject({ name: 'logits', kind: 'dense', output: [7, 1, 1] });
  });

  test('knows networks by name', async () => {
    const reference = json((await evopatch('inspect', '--network', 'reference', '--json')).stdout);
    expect(reference).toMatchObject({ parameters: 160_071, macs: 3_817_920 });
    const { stdout } = await evopatch('inspect', '--network', 'baseline');
    expect(stdout).toMatch(/^baseline: 1,944,199 parameters, 10,140,400 multiply-accumulates per face$/m);
    expect(stdout).toMatch(/^logits +dense +7×1×1 +2,807 +2,800$/m);
  });

  test('refuses a folder that is no run, or a damaged one', async () => {
    const missing = await evopatch('inspect', '--run', folder, '--json');
    expect(missing.code).toBe(1);
    expect(json(missing.stdout).error.code).toBe('FILE_SYSTEM');
    const broken = join(folder, 'broken');
    await mkdir(broken);
    await copyFile(join(run, 'run.json'), join(broken, 'run.json'));
    for (const text of ['{', '{}', '[]', 'null']) {
      await writeFile(join(broken, 'result.json'), text);
      const { code, stdout } = await evopatch('inspect', '--run', broken, '--json');
      expect(code).toBe(1);
      expect(json(stdout).error).toMatchObject({ code: 'INVALID_RUN', file: join(broken, 'result.json') });
    }
  });
});

describe('bench', () => {
  test.each(['train', 'infer'])('%s gives the figures of one engine', async (task) => {
    const { code, stdout } = await evopatch('bench', task, '--engine', 'wasm', '--json');
    expect(code).toBe(0);
    const record = json(stdout);
    expect(record).toMatchObject({
      task,
      engine: 'wasm',
      numerics: expect.stringMatching(/fused/),
      network: 'reference',
      batchSize: 64,
    });
    for (const figure of ['samplesPerSecond', 'gflops', 'peakGflops', 'fractionOfPeak']) {
      expect(record[figure]).toBeGreaterThan(0);
    }
  });
});
