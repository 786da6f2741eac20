import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { indicesOf } from '../../src/data/dataset.ts';
import { FER2013_CLASSES, loadFer2013 } from '../../src/data/fer2013.ts';
import type { LoadOptions, LoadProgress } from '../../src/data/load-options.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { meanShapeIn } from '../../src/landmarks/mean-shape.ts';
import { temporaryFolder } from './temporary-folder.ts';

const HEADER = 'emotion,pixels,Usage';

/** Loads without a search for landmarks. */
const load = (file: string, options: LoadOptions = {}) => loadFer2013(file, { align: 'none', ...options });
const grey = (seed: number) => {
  const random = randomStream('pixels', seed);
  return Array.from({ length: 2304 }, () => random.integer(0, 255));
};
const line = (label: number, seed: number, usage = 'Training') => `${label},${grey(seed).join(' ')},${usage}`;

function write(content: string | Uint8Array, name = 'faces.csv'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

const face = (frames: Uint8Array, index: number) => {
  const pixels: number[] = [];
  for (let y = 8; y < 56; y++)
    pixels.push(...frames.subarray(index * 4096 + y * 64 + 8, index * 4096 + y * 64 + 56));
  return pixels;
};

describe('loadFer2013', () => {
  it.each([
    ['plain', (text: string) => text],
    ['gzipped', gzipSync],
    ['with Windows line breaks', (text: string) => text.replaceAll('\n', '\r\n')],
    ['with quotes', (text: string) => text.replaceAll(/,([\d ]+),/g, ',"$1",')],
  ])('loads rows, %s', async (_, pack) => {
    const rows = [line(0, 1), line(6, 2, 'PublicTest'), line(3, 3, 'PrivateTest')];
    const dataset = await load(write(pack(`${[HEADER, ...rows].join('\n')}\n`)));
    expect(dataset).toMatchObject({ count: 3, classes: ['angry', 'happy', 'neutral'], frame: FACE_FRAME });
    expect(dataset.subjects).toBeUndefined();
    expect([...dataset.labels]).toEqual([0, 2, 1]);
    expect([...dataset.splits]).toEqual([0, 1, 2]);
    expect(dataset.frames).toHaveLength(3 * 64 * 64);
    for (const seed of [1, 2, 3]) expect(face(dataset.frames, seed - 1)).toEqual(grey(seed));
  });

  it('has the classes that occur, in the order of FER2013, and reports the others', async () => {
    const every = [4, 6, 0, 5, 2, 1, 3].map((label) => line(label, label));
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const whole = await load(write([HEADER, ...every].join('\n')), { onWarning });
    expect(whole.classes).toEqual(FER2013_CLASSES);
    expect(warnings).toEqual([]);
    const part = await load(write([HEADER, ...every.slice(0, 2)].join('\n')), { onWarning });
    expect([part.classes, [...part.labels]]).toEqual([
      ['sad', 'neutral'],
      [0, 1],
    ]);
    expect(warnings).toEqual(['no face is of angry, disgust, fear, happy, surprise; 2 classes are left']);
  });

  it('takes the columns in any order', async () => {
    const dataset = await load(write(`emotion, Usage, pixels\n4,PublicTest,${grey(1).join(' ')}`));
    expect([dataset.classes[dataset.labels[0]], dataset.splits[0]]).toEqual(['sad', 1]);
    expect(face(dataset.frames, 0)).toEqual(grey(1));
  });

  it('aligns the faces by their points', async () => {
    const coordinates = Array.from({ length: 68 }, (_, i) => `x${i},y${i}`).join();
    // The first face lies two pixels further right than its position in the frame; the second has no points.
    const points = meanShapeIn(FACE_FRAME).map((value, i) => value - 8 + (i % 2 === 0 ? 2 : 0));
    const pointsFile = write(`row,${coordinates}\n1${','.repeat(136)}\n0,${points.join()}\n`, 'points.csv');
    const reports: LoadProgress[] = [];
    const dataset = await load(write([HEADER, line(0, 1), line(1, 2, 'PublicTest')].join('\n')), {
      points: pointsFile,
      align: 'similarity',
      onProgress: (progress) => reports.push(progress),
    });
    expect(reports).toEqual([{ samples: 2, unaligned: 1, share: 1 }]);
    expect(face(dataset.frames, 1)).toEqual(grey(2));
    const moved = Array.from({ length: 48 * 46 }, (_, i) => grey(1)[Math.floor(i / 46) * 48 + 2 + (i % 46)]);
    const rows = Array.from({ length: 48 }, (_, y) =>
      dataset.frames.subarray((y + 8) * 64 + 8, (y + 8) * 64 + 54),
    );
    expect(rows.flatMap((row) => [...row])).toEqual(moved);
  });

  it('makes a stratified validation split if the file has none', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => line(i % 3, i));
    const dataset = await load(write([HEADER, ...rows].join('\n')));
    const validation = indicesOf(dataset, 'validation');
    expect([0, 1, 2].map((label) => validation.filter((i) => dataset.labels[i] === label).length)).toEqual([
      2, 2, 2,
    ]);
    expect(indicesOf(dataset, 'train')).toHaveLength(24);
  });

  it('hashes the content, packed or not', async () => {
    const text = [HEADER, line(0, 1), line(1, 2, 'PublicTest')].join('\n');
    const { hash } = await load(write(text));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await load(write(gzipSync(text)))).hash).toBe(hash);
    for (const other of [text.replace('\n0,', '\n2,'), text.replace('PublicTest', 'PrivateTest')]) {
      expect((await load(write(other))).hash).not.toBe(hash);
    }
    const pixel = grey(1);
    pixel[1000] ^= 1;
    expect((await load(write(text.replace(grey(1).join(' '), pixel.join(' '))))).hash).not.toBe(hash);
  });

  it('shares its memory with threads', async () => {
    const dataset = await load(write([HEADER, line(5, 1), line(1, 2, 'PublicTest')].join('\n')));
    const code = `const { parentPort, workerData } = require('node:worker_threads');
      const { frames, labels } = workerData;
      parentPort.postMessage([frames.length, labels[0]]);
      frames[0] = 255 - frames[0];`;
    const before = dataset.frames[0];
    const worker = new Worker(code, { eval: true, workerData: dataset });
    const seen = await new Promise((resolve, reject) => {
      let message: unknown;
      worker.on('message', (value) => {
        message = value;
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve(message));
    });
    expect(seen).toEqual([2 * 4096, 1]);
    expect(dataset.frames[0]).toBe(255 - before);
  });

  const good = line(0, 1);
  it.each([
    ['an empty file', '', {}],
    ['a header only', `${HEADER}\n`, {}],
    [
      'another header',
      `emotion,pixelz,Usage\n${good}`,
      { row: 1, option: 'pixels', given: 'emotion,pixelz,Usage' },
    ],
    ['no header', good, { row: 1, option: 'pixels' }],
    ['a missing column', `${HEADER}\n${good}\n0,1 2 3`, { row: 3, given: '2 columns' }],
    ['a short row', `${HEADER}\n${good}\n0,1 2 3,Training`, { row: 3, option: 'pixels', given: '3 numbers' }],
    [
      'a long row',
      `${HEADER}\n${good.replace(',Training', ' 7,Training')}`,
      { row: 2, option: 'pixels', given: '2305 numbers' },
    ],
    [
      'text among the pixels',
      `${HEADER}\n${good.replace(' ', ' x ')}`,
      { row: 2, option: 'pixels', given: 'x' },
    ],
    [
      'a negative pixel',
      `${HEADER}\n${good.replace(' ', ' -1 ')}`,
      { row: 2, option: 'pixels', given: '-1' },
    ],
    [
      'a pixel of 256',
      `${HEADER}\n${good.replace(' ', ' 256 ')}`,
      { row: 2, option: 'pixels', given: '256' },
    ],
    ['no pixels', `${HEADER}\n0,,Training`, { row: 2, option: 'pixels', given: '0 numbers' }],
    ['a label of -1', `${HEADER}\n${line(-1, 1)}`, { row: 2, option: 'emotion', given: '-1' }],
    [
      'a label that is a fraction',
      `${HEADER}\n0.5${line(0, 1).slice(1)}`,
      { row: 2, option: 'emotion', given: '0.5' },
    ],
    ['an unknown usage', `${HEADER}\n${line(1, 1, 'Other')}`, { row: 2, option: 'Usage', given: 'Other' }],
    ['an endless line', `${HEADER}\n${'1 '.repeat(1 << 16)}`, { row: 2 }],
  ])('refuses %s', async (_, content, data) => {
    const file = write(content);
    const problem = { code: 'INVALID_DATA', data: { file, hint: expect.any(String), ...data } };
    await expect(load(file)).rejects.toMatchObject(problem);
  });

  it('refuses a truncated gzip, even one that ends between rows', async () => {
    const whole = gzipSync([HEADER, ...Array.from({ length: 9 }, (_, i) => line(0, i))].join('\n'));
    for (const share of [0.2, 0.5, 0.99]) {
      const file = write(whole.subarray(0, Math.floor(whole.length * share)), 'faces.csv.gz');
      await expect(load(file)).rejects.toMatchObject({ code: 'INVALID_DATA', data: { file } });
    }
  });

  it('refuses a face without points', async () => {
    const coordinates = Array.from({ length: 68 }, (_, i) => `x${i},y${i}`).join();
    const points = write(`row,${coordinates}\n0${',1'.repeat(136)}\n`, 'points.csv');
    const file = write([HEADER, line(0, 1), line(1, 2)].join('\n'));
    const problem = load(file, { points, align: 'similarity' });
    await expect(problem).rejects.toMatchObject({
      code: 'INVALID_DATA',
      message: expect.stringContaining(points),
      data: { file, row: 3, option: 'row', given: '1' },
    });
  });

  it('stops on an abort', async () => {
    const file = write(`${HEADER}\n${good}`);
    await expect(load(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('gives a data set or a typed error for any damaged byte', async () => {
    const content = Buffer.from([HEADER, line(0, 1), line(1, 2)].join('\n'));
    const damage = fc.tuple(fc.nat(content.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(damage, async ([position, byte]) => {
        const file = write(content.with(position, byte));
        const outcome = await load(file).catch((problem) => problem);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'INVALID_DATA', data: { file } });
        else expect(outcome.frames).toHaveLength(outcome.count * 4096);
      }),
      { numRuns: 60 },
    );
  });
});
