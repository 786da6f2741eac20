import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FERPLUS_CLASSES, majorityOf } from '../../src/data/ferplus.ts';
import { loadDataset } from '../../src/data/load-dataset.ts';
import type { LoadOptions } from '../../src/data/load-options.ts';
import { evopatch } from '../cli/program.ts';
import { temporaryFolder } from './temporary-folder.ts';

const HEADER = 'Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF';
const VOTES = [
  'Training,fer0000000.png,2,0,0,0,8,0,0,0,0,0', // anger
  'Training,fer0000001.png,5,5,0,0,0,0,0,0,0,0', // a tie
  'Training,,0,0,0,0,0,0,0,0,0,10', // no face
  'PublicTest,fer0000003.png,0,0,0,0,0,0,1,8,1,0', // contempt
  'PrivateTest,fer0000004.png,0,6,0,0,0,0,0,0,4,0', // happiness
];
const SPLITS = ['Training', 'Training', 'Training', 'PublicTest', 'PrivateTest'];
const pixels = SPLITS.map((split, i) => `${i},${Array(2304).fill(i).join(' ')},${split}`);
const csvOf = (rows: readonly string[]) => ['emotion,pixels,Usage', ...rows].join('\n');

function folder(votes: readonly string[] = VOTES) {
  const root = temporaryFolder();
  mkdirSync(join(root, 'ferplus'));
  const [votesFile, pixelFile] = [join(root, 'ferplus', 'fer2013new.csv'), join(root, 'fer2013.csv')];
  writeFileSync(votesFile, [HEADER, ...votes].join('\n'));
  writeFileSync(pixelFile, csvOf(pixels));
  return { root, votesFile, pixelFile };
}

async function load(data: string, options: LoadOptions = {}) {
  const notes: string[] = [];
  const dataset = await loadDataset(data, {
    align: 'none',
    onWarning: (note) => notes.push(note),
    ...options,
  });
  const faces = [...dataset.labels].map((label, i) => {
    return [dataset.frames[i * 4096 + 32 * 64 + 32], dataset.classes[label], dataset.splits[i]];
  });
  return { dataset, faces, notes };
}

it.each([
  ['more than half', [2, 0, 0, 0, 8, 0, 0, 0, 0, 0], 'anger'],
  ['a tie', [5, 5, 0, 0, 0, 0, 0, 0, 0, 0], undefined],
  ['half and no more', [5, 3, 2, 0, 0, 0, 0, 0, 0, 0], undefined],
  ['half, of which single votes are dropped', [5, 4, 1, 0, 0, 0, 0, 0, 0, 0], 'neutral'],
  ['single votes alone', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], undefined],
  ['unknown', [0, 2, 0, 0, 0, 0, 0, 0, 8, 0], undefined],
  ['no face', [0, 0, 0, 0, 0, 0, 0, 0, 0, 10], undefined],
  ['no votes', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], undefined],
])('the majority of %s', (_, votes, label) => {
  expect(majorityOf(votes)).toBe(label);
});

describe('votes of FER+', () => {
  const EXPECTED = [
    [0, 'anger', 0],
    [3, 'contempt', 1],
    [4, 'happiness', 2],
  ];

  it('label the rows of the pixels, given beside them or found from their own file', async () => {
    const { votesFile, pixelFile } = folder();
    const given = await load(pixelFile, { votes: votesFile });
    expect(given.faces).toEqual(EXPECTED);
    expect(given.dataset.classes).toEqual(['happiness', 'anger', 'contempt']);
    expect(given.notes).toContainEqual(expect.stringMatching(/^2 rows left out/));
    const found = await load(votesFile);
    expect(found.dataset.hash).toBe(given.dataset.hash);
  });

  it.each([
    [';', '\r'],
    ['\t', '\r\n'],
  ])('may stand between %j, with the line breaks %j', async (delimiter, lineBreak) => {
    const { votesFile, pixelFile } = folder();
    const rows = [HEADER, ...VOTES].join(lineBreak).replaceAll(',', delimiter);
    writeFileSync(votesFile, rows);
    expect((await load(pixelFile, { votes: votesFile })).faces).toEqual(EXPECTED);
    expect((await load(votesFile)).faces).toEqual(EXPECTED);
  });

  it.each(['given', 'found'])('label the rows for the command, %s', async (how) => {
    const votes = Array(6)
      .fill([0, 4, 1, 8])
      .flat()
      .flatMap((level) => {
        const counts = (emotion: number) => FERPLUS_CLASSES.map((_, i) => (i === emotion ? 8 : 0)).join();
        return ['Training', 'PublicTest'].map((usage) => `${usage},x.png,${counts(level)},2,0`);
      });
    const { votesFile, pixelFile, root } = folder(votes);
    const rows = votes.map((row, i) => `${i % 7},${Array(2304).fill(i).join(' ')},${row.split(',')[0]}`);
    writeFileSync(pixelFile, csvOf(rows));
    const data = how === 'given' ? [pixelFile, '--votes', votesFile] : [votesFile];
    const options = ['--network', 'tinyXception', '--align', 'none', '--cache', 'none', '--epochs', '1'];
    const { code, stderr } = await evopatch(
      'train',
      '--data',
      ...data,
      ...options,
      '--out',
      join(root, 'out'),
    );
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.any(String) });
    expect(stderr).toContain('36 faces, 3 classes (18 train, 18 validation, 0 test)');
    for (const name of ['neutral', 'happiness', 'anger']) expect(stderr).toContain(name);
    expect(stderr).toContain('12 rows left out');
  });

  it('change the key of the cache', async () => {
    const { votesFile, pixelFile } = folder();
    const cacheFolder = temporaryFolder();
    const plain = await load(pixelFile, { cacheFolder });
    const voted = await load(pixelFile, { cacheFolder, votes: votesFile });
    expect(plain.dataset.count).toBe(5);
    expect(voted.faces).toEqual(EXPECTED);
    expect(await load(pixelFile, { cacheFolder, votes: votesFile })).toEqual(voted);
  });

  it.each([
    ['fewer', VOTES.slice(1), 4],
    ['more', [...VOTES, VOTES[0]], 7],
    ['those of other splits', [...VOTES].reverse(), 2],
    ['no numbers', VOTES.map((row, i) => (i === 2 ? row.replace(',10', ',x') : row)), 4],
    ['cut off', VOTES.map((row, i) => (i === 4 ? row.slice(0, 30) : row)), 6],
  ])('are refused where they are %s', async (_, votes, row) => {
    const { votesFile, pixelFile } = folder(votes);
    await expect(load(pixelFile, { votes: votesFile })).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { file: votesFile, row, hint: expect.any(String) },
    });
  });

  it('are refused with advice if the pixels are not near', async () => {
    const file = join(temporaryFolder(), 'fer2013new.csv');
    writeFileSync(file, [HEADER, ...VOTES].join('\n'));
    await expect(load(file)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { file, hint: expect.stringContaining('--votes') },
    });
  });

  it('are refused for a folder of pictures', async () => {
    const { root, votesFile } = folder();
    const manifest = join(root, 'list.csv');
    for (const name of ['a.png', 'b.png']) writeFileSync(join(root, name), '');
    writeFileSync(manifest, 'path,label\na.png,a\nb.png,b\n');
    await expect(load(manifest, { votes: votesFile })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
