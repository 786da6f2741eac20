import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { evopatch, inProcess } from './program.ts';

const root = mkdtempSync(join(tmpdir(), 'evopatch-classes-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const model = join(root, 'run', 'model.safetensors');
const train = ['train', '--network', 'tinyXception', '--epochs', '1', '--batch-size', '16', '--threads', '1'];
const asTheyAre = ['--align', 'none', '--cache', 'none'];

beforeAll(async () => {
  const { code } = await inProcess(...train, '--data', 'synthetic:70', '--out', join(root, 'run'));
  expect(code).toBe(0);
}, 60_000);

const noise = (seed: string) => {
  const random = randomStream(seed);
  return Uint8Array.from({ length: 48 * 48 }, () => random.integer(0, 255));
};

/** A folder of noise: so many faces by their folders. */
async function writeFaces(name: string, counts: Readonly<Record<string, number>>): Promise<string> {
  const folder = join(root, name);
  for (const [path, count] of Object.entries(counts)) {
    mkdirSync(join(folder, path), { recursive: true });
    for (let i = 0; i < count; i++) {
      const picture = sharp(noise(`${path}/${i}`), { raw: { width: 48, height: 48, channels: 1 } });
      await picture.toFile(join(folder, path, `${i}.png`));
    }
  }
  return folder;
}

describe('evaluate knows the classes of data by their names', () => {
  const evaluate = (data: string, ...more: string[]) =>
    inProcess('evaluate', '--model', model, '--data', data, ...asTheyAre, '--split', 'all', ...more);

  test('some of them, in another order; the tables show those alone', async () => {
    const data = await writeFaces('two', { sad: 3, happy: 5 });
    const { code, stdout, stderr } = await evaluate(data);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^8 faces \(all\)\naccuracy /);
    expect(stdout).toContain(
      'The model also knows angry, disgust, fear, surprise, neutral, of which there are no faces here.',
    );
    const shown = [...stdout.matchAll(/^(\w+) .* %\s+(\d)$/gm)].map(([, name, faces]) => [name, faces]);
    expect(shown).toEqual([
      ['happy', '5'],
      ['sad', '3'],
    ]);
    const [, confusion] = stdout.split('true \\ predicted');
    expect([...confusion.matchAll(/^([a-z]+) /gm)].map(([, name]) => name)).toEqual(['happy', 'sad']);
    expect(stderr).toMatch(/happy +sad\n {2}train +4 +2\n/);
    const {
      perClass,
      withoutFaces,
      accuracy,
      confusion: counts,
    } = JSON.parse((await evaluate(data, '--json')).stdout);
    expect(perClass.map(({ support }: { support: number }) => support)).toEqual([0, 0, 0, 5, 3, 0, 0]);
    expect(withoutFaces).toEqual(['angry', 'disgust', 'fear', 'surprise', 'neutral']);
    expect(accuracy).toBeCloseTo((counts[3][3] + counts[4][4]) / 8, 12);
  });

  test('under other names, which --classes maps to those of the model', async () => {
    const data = await writeFaces('named', { joy: 4, anger: 2, boredom: 3 });
    const refused = await evaluate(data, '--json');
    expect(refused.code).toBe(1);
    const { error } = JSON.parse(refused.stdout);
    expect(error).toMatchObject({ code: 'INVALID_DATA', given: 'anger, boredom, joy' });
    expect(error.hint).toMatch(/The model knows angry, .*--classes anger=angry$/);
    const mapped = await evaluate(data, '--classes', 'joy=happy,anger=angry', '--json');
    expect(mapped.code).toBe(0);
    const { perClass, samples } = JSON.parse(mapped.stdout);
    expect(samples).toBe(6);
    expect(perClass.map(({ support }: { support: number }) => support)).toEqual([2, 0, 0, 4, 0, 0, 0]);
  });

  test('a single one, which is warned of, and which no network is trained on', async () => {
    const data = await writeFaces('only', { happy: 20 });
    const { code, stdout, stderr } = await evaluate(data, '--json');
    expect(code).toBe(0);
    expect(stderr).toContain("warning: all faces are of one class, 'happy'\n");
    expect(JSON.parse(stdout)).toMatchObject({ samples: 20, withoutFaces: { length: 6 } });
    const out = join(root, 'only run');
    const trained = await inProcess(...train, '--data', data, ...asTheyAre, '--out', out);
    expect([trained.code, trained.stderr]).toEqual([
      1,
      expect.stringMatching(/all training faces are 'happy', and/),
    ]);
    expect(existsSync(out)).toBe(false);
  });

  test('a name that is nearly one is refused with the one that it stands for', async () => {
    const { code, stderr } = await evaluate('synthetic:70', '--classes', 'hapy,sad');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /no face of this class \(given: hapy\)\nDid you mean 'happy'\? The classes are angry, /,
    );
  });

  test('so do saliency and regions', async () => {
    const data = await writeFaces('pair', { sad: 2, happy: 2 });
    const asked = ['--model', model, '--data', data, ...asTheyAre, '--split', 'all'];
    const regions = await inProcess('regions', ...asked, '--map', 'gradient');
    expect(regions.code).toBe(0);
    expect(regions.stdout).toMatch(/^share of the map +all +density +happy +sad$/m);
    const saliency = await inProcess('saliency', ...asked, '--method', 'gradient');
    for (const { stdout } of [regions, saliency]) expect(stdout).toContain('The model also knows angry, ');
  });
});

describe('data whose classes cannot be learned', () => {
  test.each([
    [
      'similar names',
      { 'train/Happy': 9, 'train/happy': 9, 'train/sad': 9, 'validation/sad': 2 },
      /differ in case/,
    ],
    [
      'a class without training faces',
      { 'train/angry': 9, 'train/sad': 9, 'test/anger': 4 },
      /'anger' \(0 valid/,
    ],
  ])('are refused before anything is written: %s', async (name, counts, message) => {
    const data = await writeFaces(name, counts);
    const out = join(root, `${name} run`);
    for (const command of [train, ['evolve', '--population', '4', '--generations', '1']]) {
      const { code, stderr } = await inProcess(...command, '--data', data, ...asTheyAre, '--out', out);
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
      expect(stderr).toContain('--classes');
      expect(existsSync(out)).toBe(false);
    }
  });

  test('are learned once --classes says what is meant', async () => {
    const data = await writeFaces('twice', { Happy: 20, happy: 20, sad: 20 });
    const out = join(root, 'merged');
    const args = [...train, '--data', data, ...asTheyAre, '--classes', 'sad,Happy=happy,happy', '--out', out];
    const { code, stderr } = await inProcess(...args);
    expect(code).toBe(0);
    expect(stderr).toMatch(/60 faces, 2 classes .*\n +sad +happy\n {2}train +16 +32\n {2}validation +4 +8\n/);
    expect(stderr).not.toContain('warning');
  });
});

test('of FER2013 with faces of two labels a network of two classes is made', async () => {
  const file = join(root, 'two.csv');
  const rows = Array.from({ length: 48 }, (_, i) => {
    return `${i % 2 ? 3 : 4},${noise(`row ${i}`).join(' ')},${i < 36 ? 'Training' : 'PublicTest'}`;
  });
  writeFileSync(file, ['emotion,pixels,Usage', ...rows].join('\n'));
  const out = join(root, 'fer');
  const { code, stderr } = await inProcess(...train, '--data', file, ...asTheyAre, '--out', out);
  expect(code).toBe(0);
  expect(stderr).toContain(
    'warning: no face is of angry, disgust, fear, surprise, neutral; 2 classes are left\n',
  );
  expect(readFileSync(join(out, 'model.safetensors'), 'latin1')).toContain('[\\"happy\\",\\"sad\\"]');
});

describe('a run with chosen classes', () => {
  const out = join(root, 'chosen');
  const choice = 'happy=positive,sad=negative,angry=negative';
  const source = ['--data', 'synthetic:140', '--classes', choice];

  beforeAll(async () => {
    const sizes = [
      '--population',
      '4',
      '--generations',
      '1',
      '--finalists',
      '1',
      '--prefer',
      'accurate',
      '--max-patches',
      '2',
    ];
    const short = [
      '--fitness-epochs',
      '1',
      '--final-epochs',
      '1',
      '--workers',
      '0',
      '--no-baseline',
      '--controls',
      'none',
    ];
    const { code } = await inProcess('evolve', ...source, '--out', out, ...sizes, ...short);
    expect(code).toBe(0);
  }, 60_000);

  test('records them, and resume loads the same', async () => {
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    const run = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(run.dataSource).toMatchObject({ data: 'synthetic:140', classes: choice });
    expect(result.dataset.classes).toEqual(['positive', 'negative']);
    rmSync(join(out, 'result.json'));
    const other = await inProcess('resume', out, '--classes', 'happy,sad', '--json');
    expect(JSON.parse(other.stdout).error).toMatchObject({ code: 'INVALID_RUN' });
    const { code, stdout } = await inProcess('resume', out, '--json');
    expect(code).toBe(0);
    const { timing: _, ...expected } = result;
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });

  test('is measured and reported with the same names', async () => {
    const model = join(out, 'models', 'best.safetensors');
    const { stdout } = await inProcess(
      'evaluate',
      '--model',
      model,
      ...source,
      '--split',
      'validation',
      '--json',
    );
    const { classes, perClass } = JSON.parse(stdout);
    expect(classes).toEqual(['positive', 'negative']);
    expect(perClass.map(({ support }: { support: number }) => support)).toEqual([4, 8]);
    const page = join(root, 'report.html');
    expect(await inProcess('report', out, '--out', page, '--data', 'synthetic:140')).toMatchObject({
      code: 0,
    });
    const text = readFileSync(page, 'utf8');
    expect(/negative<\/t[dh]>\s*<td[^>]*>8</.test(text)).toBe(true);
    expect(text.includes(`--classes ${choice}`)).toBe(true);
  });
});

test('the report names classes without validation faces and shows no rows of them', async () => {
  const data = await writeFaces('lacking', {
    'train/a': 12,
    'train/b': 12,
    'train/c': 12,
    'validation/a': 4,
    'validation/b': 4,
  });
  const out = join(root, 'lacking run');
  const sizes = [
    '--population',
    '4',
    '--generations',
    '1',
    '--finalists',
    '1',
    '--prefer',
    'accurate',
    '--max-patches',
    '2',
  ];
  const short = [
    '--fitness-epochs',
    '1',
    '--final-epochs',
    '1',
    '--workers',
    '0',
    '--no-baseline',
    '--controls',
    'none',
  ];
  const ended = await inProcess('evolve', '--data', data, ...asTheyAre, '--out', out, ...sizes, ...short);
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain('warning: no validation face is of c\n');
  const page = join(root, 'lacking.html');
  const report = await inProcess('report', out, '--out', page, '--data', data, ...asTheyAre);
  expect(report.code).toBe(0);
  const text = readFileSync(page, 'utf8');
  expect(text.includes('There are no validation faces of c.')).toBe(true);
  expect(/<t[hd][^>]*>b<\/t[hd]>/.test(text)).toBe(true);
  expect(/<t[hd][^>]*>c<\/t[hd]>/.test(text)).toBe(false);
}, 60_000);

test('a test split of one class is warned of, and one without faces is refused with the numbers', async () => {
  const data = await writeFaces('one tested', { 'train/happy': 3, 'train/sad': 3, 'test/happy': 2 });
  const ask = ['evaluate', '--model', model, '--data', data, ...asTheyAre];
  expect((await inProcess(...ask)).stderr).toContain("warning: all test faces are of one class, 'happy'\n");
  const { code, stderr } = await inProcess(...ask, '--classes', 'sad', '--split', 'test');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /'--split': .* has no faces in this split \(given: test\)\nThere are \d train, \d validation, 0 test/,
  );
});

test('the table of classes takes the usual width where nothing shows it', async () => {
  const { stderr } = await evopatch(...train, '--data', 'synthetic:35', '--out', join(root, 'wide'));
  expect(stderr).toMatch(/^ +angry +disgust +fear +happy +sad +surprise +neutral$/m);
});
