import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { type Dataset, indicesOf } from '../../src/data/dataset.ts';
import { FER2013_CLASSES } from '../../src/data/fer2013.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import type { LoadOptions } from '../../src/data/load-options.ts';
import { searchLandmarks } from '../../src/data/search-landmarks.ts';
import { temporaryFolder } from './temporary-folder.ts';

const greys = (seed: number, side = 48) => {
  const random = randomStream('pixels', seed);
  return Array.from({ length: side * side }, () => random.integer(0, 255));
};
const face = (seed: number, side = 48) => greys(seed, side).join(' ');

function write(content: string | Uint8Array): string {
  const file = join(temporaryFolder(), 'faces.csv');
  writeFileSync(file, content);
  return file;
}

async function load(content: string | Uint8Array, options: LoadOptions = {}) {
  const notes: string[] = [];
  const dataset = await loadDataset(write(content), {
    align: 'none',
    onWarning: (note) => notes.push(note),
    ...options,
  });
  return { dataset, notes };
}

/** The class and the split of each face. */
const rowsOf = ({ classes, labels, splits }: Dataset) =>
  [...labels].map((label, i) => `${classes[label]} ${['train', 'validation', 'test'][splits[i]]}`);

/** The middle 48×48 pixels of a frame, which a face of that size fills. */
const middle = ({ frames }: Dataset, index: number) =>
  Array.from({ length: 48 }, (_, y) => {
    const start = index * 4096 + (y + 8) * 64 + 8;
    return [...frames.subarray(start, start + 48)];
  }).flat();

describe('the header', () => {
  const ROWS = ['happy train', 'sad validation'];
  it.each([
    ['as that of FER2013', `emotion,pixels,Usage\n3,${face(1)},Training\n4,${face(2)},PublicTest\n`],
    ['in another case', `Emotion,PIXELS,usage\n3,${face(1)},training\n4,${face(2)},publictest\n`],
    [
      'with spaces, in another order',
      `emotion, Usage, pixels\n3,Training,${face(1)}\n4,PublicTest,${face(2)}`,
    ],
    [
      'with an index of pandas',
      `,emotion,pixels,Usage\n0,3,${face(1)},Training\n1,4,${face(2)},PublicTest\n`,
    ],
    [
      'with a named index',
      `Unnamed: 0,id,emotion,pixels,split\n0,5,3,${face(1)},train\n1,6,4,${face(2)},val\n`,
    ],
    ['with names as labels', `label,pixels,Split\nhappy,${face(1)},Train\nsad,${face(2)},Valid\n`],
    ['of semicolons', `class;pixels;usage\nhappy;${face(1)};Train\nsad;${face(2)};Validation\n`],
    ['of tabs', `class\tpixels\tusage\nhappy\t${face(1)}\tTrain\nsad\t${face(2)}\tVALIDATION\n`],
    [
      'with quotes and Windows line breaks',
      `"emotion","pixels","Usage"\r\n"3","${face(1)}","Training"\r\n"4","${face(2)}","PublicTest"\r\n`,
    ],
    ['with line breaks of old Macs', `class;pixels;usage\rhappy;${face(1)};train\rsad;${face(2)};val\r`],
    [
      'with commas within quotes',
      `label,pixels,split\nhappy,"${greys(1).join(', ')}",train\nsad,"[${face(2)}]",val\n`,
    ],
    ['of floats from pandas', `emotion,pixels,Usage\n3.0,${face(1)},Training\n4.0,${face(2)},PublicTest\n`],
    [
      'with a column for each pixel',
      `label,${greys(0)
        .map((_, i) => `pixel${i}`)
        .join()},split\nhappy,${greys(1).join()},train\nsad,${greys(2).join()},val\n`,
    ],
    [
      'with numbered columns',
      `label,split,${greys(0)
        .map((_, i) => i + 1)
        .join()}\nhappy,train,${greys(1).join()}\nsad,val,${greys(2).join()}\n`,
    ],
  ])('may be %s', async (_, content) => {
    const { dataset, notes } = await load(content);
    expect(rowsOf(dataset)).toEqual(ROWS);
    expect(middle(dataset, 0)).toEqual(greys(1));
    expect(middle(dataset, 1)).toEqual(greys(2));
    expect(notes.filter((note) => note.includes('columns'))).toEqual([]);
    const zipped = await load(gzipSync(content));
    expect(zipped.dataset.hash).toBe(dataset.hash);
  });

  it('reports ignored columns', async () => {
    const rows = `name,emotion,pixels,Gender,Usage\na,3,${face(1)},f,Training\nb,4,${face(2)},m,val\n`;
    const { dataset, notes } = await load(rows);
    expect(rowsOf(dataset)).toEqual(ROWS);
    expect(notes).toContain('columns that are not read: name, Gender');
  });

  it('reports them again when the frames come from the cache', async () => {
    const cacheFolder = temporaryFolder();
    const rows = `emotion,pixels,Gender\n3,${face(1)},f\n4,${face(2)},m\n`;
    const first = await load(rows, { cacheFolder });
    const second = await load(rows, { cacheFolder });
    expect(first.notes).toContain('columns that are not read: Gender');
    expect(second.notes).toEqual(first.notes);
    expect(second.dataset.hash).toBe(first.dataset.hash);
  });

  it.each([
    ['pixels twice', `emotion,pixels,pixels\n3,${face(1)},${face(1)}`, 'pixels'],
    ['labels twice', `emotion,Emotion,pixels\n3,3,${face(1)}`, 'Emotion'],
  ])('may not have %s', async (_, content, option) => {
    await expect(load(content)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { row: 1, option, hint: expect.any(String) },
    });
  });
});

describe('labels', () => {
  const csv = (labels: readonly (string | number)[], header = 'emotion', side = 48) =>
    [`${header},pixels`, ...labels.map((label, i) => `${label},${face(i, side)}`)].join('\n');

  it('are separate classes if FER2013 has no such number', async () => {
    const { dataset, notes } = await load(csv([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(dataset.classes).toEqual([...FER2013_CLASSES, '7']);
    expect([...dataset.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(notes).toContainEqual(expect.stringMatching(/unknown to FER2013.*: 7$/));
  });

  it('are the classes of FER2013 that occur; the others are named', async () => {
    const { dataset, notes } = await load(csv([4, 3, 4]));
    expect(dataset.classes).toEqual(['happy', 'sad']);
    expect([...dataset.labels]).toEqual([1, 0, 1]);
    expect(notes).toContainEqual(expect.stringContaining('angry, disgust, fear, surprise, neutral'));
  });

  it.each([
    ['numbers of another column', csv([10, 2, 7, 2], 'label'), ['2', '7', '10']],
    ['numbers of other sizes', csv([6, 0, 6], 'emotion', 32), ['0', '6']],
    ['names', csv(['Happiness', 'été', 'Anger']), ['Anger', 'Happiness', 'été']],
    ['names of FER2013', csv(['sad', 'happy', 'sad']), ['happy', 'sad']],
    ['numbers and names', csv(['b', 3, 'a', 1], 'class'), ['1', '3', 'a', 'b']],
    ['a single one', csv([5, 5], 'label'), ['5']],
  ])('name the classes that occur: %s', async (_, content, classes) => {
    const { dataset } = await load(content);
    expect(dataset.classes).toEqual(classes);
    const labels = content
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    expect([...dataset.labels].map((label) => classes[label])).toEqual(labels);
  });

  it.each([
    ['empty', '', 'the label is empty'],
    ['negative', '-1', 'not a label'],
    ['fractions', '1.5', 'not a label'],
  ])('may not be %s', async (_, label, problem) => {
    await expect(load(csv(['a', label], 'label'))).rejects.toMatchObject({
      code: 'INVALID_DATA',
      problem,
      data: { row: 3, option: 'label', given: label, hint: expect.any(String) },
    });
  });

  it('may have 256 different values', async () => {
    const many = (count: number) =>
      csv(
        Array.from({ length: count }, (_, i) => i),
        'id_label,label',
        16,
      );
    const rows = (count: number) => many(count).replaceAll(/^(\d+),/gm, '0,$1,');
    expect((await load(rows(256))).dataset.classes).toHaveLength(256);
    await expect(load(rows(257))).rejects.toMatchObject({ problem: 'too many classes', data: { row: 258 } });
  });

  it('are optional: landmarks are found without them, but nothing is trained', async () => {
    const content = `id,pixels\n0,${face(1)}\n1,${face(2)}\n`;
    await expect(load(content)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      problem: 'the faces have no labels',
      data: { hint: expect.any(String) },
    });
    const out = join(temporaryFolder(), 'points.csv');
    expect(await searchLandmarks(write(content), out, { workers: 0 })).toMatchObject({ pictures: 2 });
  });
});

describe('splits', () => {
  it('may have any of their names, in any case', async () => {
    const names = [
      'Training',
      'train',
      'PublicTest',
      'Validation',
      'val',
      'valid',
      'PrivateTest',
      'Testing',
      'TEST',
    ];
    const rows = names.map((name, i) => `${i % 2},${face(i)},${name}`);
    const { dataset } = await load(['label,pixels,Usage', ...rows].join('\n'));
    expect([...dataset.splits]).toEqual([0, 0, 1, 1, 1, 1, 2, 2, 2]);
  });

  it('are made without a column of them: a fifth for validation, stratified', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 4 === 0 ? 1 : 0},"${face(i)}"`);
    const { dataset } = await load(['emotion,pixels', ...rows].join('\n'));
    const validation = indicesOf(dataset, 'validation');
    expect(validation.filter((i) => dataset.labels[i] === 1)).toHaveLength(2);
    expect(validation).toHaveLength(8);
    expect(indicesOf(dataset, 'train')).toHaveLength(32);
  });
});

describe('pixels', () => {
  const rows = (side: number) => `label,pixels\na,${face(1, side)}\nb,${face(2, side)}\n`;

  it.each([16, 28, 64, 100, 224])('may make pictures of %i×itself', async (side) => {
    const { dataset } = await load(rows(side));
    expect(dataset).toMatchObject({ count: 2, classes: ['a', 'b'] });
    expect(new Set(dataset.frames).size).toBeGreaterThan(50);
  });

  it.each([
    ['no square', `a,${greys(1).slice(1).join(' ')}`, 'wrong number of pixels', '2303 numbers'],
    ['a tiny square', 'a,1 2 3 4', 'wrong number of pixels', '4 numbers'],
    [
      'another size than the rows before',
      `a,${face(1)}\nb,${face(1, 32)}`,
      'wrong number of pixels',
      '1024 numbers',
    ],
    ['a fraction', `a,${face(1)} 0.5`, 'pixel 2305 is not a grey level', '0.5'],
    ['what numpy leaves out', `a,"[1 2 3 ... 4 5]"`, 'pixel 4 is not a grey level', '...'],
  ])('may not be %s', async (_, content, problem, given) => {
    const error = await load(`label,pixels\n${content}\n`).catch((cause) => cause);
    expect(error).toMatchObject({ code: 'INVALID_DATA', problem, data: { option: 'pixels', given } });
    expect(error.data.hint).toContain('whole numbers from 0 to 255');
  });

  it('of single columns may not be empty', async () => {
    const header = `label,${greys(0)
      .map((_, i) => `pixel${i}`)
      .join()}`;
    const levels = greys(1)
      .join()
      .replace(/^\d+,\d+/, '1,');
    await expect(load(`${header}\na,${levels}\n`)).rejects.toMatchObject({
      problem: 'wrong number of pixels',
    });
  });
});

it('reports the share of the file read, from 0 to 1', async () => {
  const rows = Array.from({ length: 700 }, (_, i) => `${i % 2},${face(i)}`);
  const content = ['label,pixels', ...rows].join('\n');
  for (const bytes of [content, gzipSync(content)]) {
    const shares: number[] = [];
    await load(bytes, { onProgress: ({ share }) => shares.push(share ?? Number.NaN) });
    expect(shares.length).toBeGreaterThan(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares.at(-1)).toBe(1);
  }
});

it('refuses junk behind the rows, with its line', async () => {
  const content = `emotion,pixels,Usage\n3,${face(1)},Training\nfer2013/README, about, the data, of, 48x48, faces\n`;
  await expect(load(content)).rejects.toMatchObject({
    code: 'INVALID_DATA',
    problem: 'the row does not have 3 columns',
    data: { row: 3, given: '6 columns', hint: expect.any(String) },
  });
});

it('reads another encoding that is named, and merges no classes without', async () => {
  const bytes = Buffer.concat([
    Buffer.from('label,pixels\n'),
    ...[0xe0, 0xe1, 0xe2].flatMap((letter, i) => [Buffer.of(letter), Buffer.from(`,${face(i)}\n`)]),
  ]);
  await expect(load(bytes)).rejects.toMatchObject({ code: 'INVALID_DATA', data: { row: 2 } });
  const { dataset } = await load(bytes, { encoding: 'windows-1251' });
  expect(dataset.classes).toEqual(['а', 'б', 'в']);
  const marked = Buffer.from(`\uFEFFlabel,pixels\nа,${face(0)}\nб,${face(1)}\nв,${face(2)}\n`, 'utf16le');
  expect((await load(marked)).dataset.hash).toBe(dataset.hash);
  await expect(load(bytes, { encoding: 'klingon' })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});

it('keeps frames of each encoding apart', async () => {
  const cacheFolder = temporaryFolder();
  const bytes = Buffer.concat([Buffer.of(0xe0), Buffer.from(`,${face(0)}\nb,${face(1)}\n`)]);
  const content = Buffer.concat([Buffer.from('label,pixels\n'), bytes]);
  const classesIn = async (encoding: string) =>
    (await load(content, { cacheFolder, encoding })).dataset.classes;
  expect(await classesIn('windows-1251')).toEqual(['b', 'а']);
  expect(await classesIn('latin1')).toEqual(['b', 'à']);
});

it('gives a data set or a typed error for any text', async () => {
  const cell = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom('pixels', 'emotion', face(1, 16), '3', 'train', '"', ''),
  );
  const text = fc.array(
    fc.array(cell, { maxLength: 4 }).map((cells) => cells.join()),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(text, async (lines) => {
      const outcome = await load(['emotion,pixels', ...lines].join('\n')).catch((problem) => problem);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'INVALID_DATA' });
      else expect(outcome.dataset.frames).toHaveLength(outcome.dataset.count * 4096);
    }),
    { numRuns: 100 },
  );
});
