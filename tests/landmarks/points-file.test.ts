import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pointsOf, readPoints } from '../../src/landmarks/points-file.ts';

const COORDINATES = Array.from({ length: 68 }, (_, i) => `x${i},y${i}`).join();
const BY_ROW = `row,${COORDINATES}`;
const face = (start: number) => Array.from({ length: 136 }, (_, i) => start + i / 4);

function write(content: string | Uint8Array, name = 'points.csv'): string {
  const folder = mkdtempSync(join(tmpdir(), 'evopatch-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe('readPoints', () => {
  it.each([
    ['plain', (text: string) => text],
    ['gzipped', gzipSync],
  ])('reads faces by row, %s', async (_, pack) => {
    const points = await readPoints(write(pack(`${BY_ROW}\n1,${face(5)}\n0,${face(-3)}\n`)));
    expect(points.key).toBe('row');
    expect(Array.from(pointsOf(points, { row: 0 }))).toEqual(face(-3));
    expect(Array.from(pointsOf(points, { row: 1, file: 'unused.png' }))).toEqual(face(5));
  });

  it.each([',', ';', '\t'])('reads fields between %j and any line breaks', async (delimiter) => {
    for (const lineBreak of ['\n', '\r\n', '\r']) {
      const text = [BY_ROW, `1,${face(5)}`, `0,${face(-3)}`].join(lineBreak).replaceAll(',', delimiter);
      const points = await readPoints(write(text));
      expect(Array.from(pointsOf(points, { row: 0 }))).toEqual(face(-3));
      expect(Array.from(pointsOf(points, { row: 1 }))).toEqual(face(5));
    }
  });

  it('refuses decimal commas', async () => {
    const text = [BY_ROW, `0,${face(0.25)}`].join('\n').replaceAll(',', ';').replaceAll('.', ',');
    await expect(readPoints(write(text))).rejects.toMatchObject({
      problem: 'not a number',
      data: { row: 2, option: 'x0', given: '0,25', hint: expect.stringContaining('decimal point') },
    });
  });

  it('reads faces by file', async () => {
    const points = await readPoints(write(`file,${COORDINATES}\r\n"happy/a, b.png",${face(1)}\r\n`));
    expect(points.key).toBe('file');
    expect(Array.from(pointsOf(points, { row: 7, file: 'happy/a, b.png' }))).toEqual(face(1));
  });

  it('keeps the face with the highest score of a file', async () => {
    const lines = [`a.png,0,0.4,${face(1)}`, `a.png,1,0.9,${face(2)}`, `a.png,2,0.9,${face(3)}`];
    const points = await readPoints(write([`file,face,score,${COORDINATES}`, ...lines].join('\n')));
    expect(Array.from(pointsOf(points, { file: 'a.png' }))).toEqual(face(2));
  });

  it('takes an empty coordinate for an unknown point', async () => {
    const points = await readPoints(write(`${BY_ROW}\n0,,${face(0).slice(1)}\n`));
    expect(Array.from(pointsOf(points, { row: 0 }))).toEqual([Number.NaN, ...face(0).slice(1)]);
  });

  it.each([
    ['an empty file', '', { hint: expect.stringContaining('row,x0') }],
    ['a header only', `${BY_ROW}\n`, { hint: expect.stringContaining('row,x0') }],
    ['a wrong key', `line,${COORDINATES}\n`, { row: 1 }],
    ['a missing column', `${BY_ROW.replace(',y30', '')}\n`, { row: 1, option: 'y30' }],
    ['a column too many', `${BY_ROW},z\n`, { row: 1 }],
    ['a short row', `${BY_ROW}\n0,${face(0)}\n1,2,3\n`, { row: 3, given: '3 columns' }],
    ['text', `${BY_ROW}\n0,${face(0).with(2, Number.NaN)}\n`, { row: 2, option: 'x1', given: 'NaN' }],
    ['infinity', `${BY_ROW}\n0,${face(0).with(3, 1 / 0)}\n`, { row: 2, option: 'y1', given: 'Infinity' }],
    ['a row that is no number', `${BY_ROW}\n-1,${face(0)}\n`, { row: 2, option: 'row', given: '-1' }],
    ['a row given twice', `${BY_ROW}\n3,${face(0)}\n3,${face(0)}\n`, { row: 3, option: 'row', given: '3' }],
    ['open quotes', `${BY_ROW}\n"0,${face(0)}\n`, {}],
    ['an endless record', `${BY_ROW}\n"${'1\n'.repeat(1 << 17)}`, {}],
  ])('refuses %s', async (_, content, data) => {
    const file = write(content);
    await expect(readPoints(file)).rejects.toMatchObject({ code: 'INVALID_DATA', data: { file, ...data } });
  });

  it('refuses a truncated and a damaged gzip', async () => {
    const whole = gzipSync(`${BY_ROW}\n0,${face(0)}\n`);
    const truncated = write(whole.subarray(0, whole.length - 20), 'points.csv.gz');
    await expect(readPoints(truncated)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { file: truncated, hint: expect.stringContaining('again') },
    });
    const damaged = write(Uint8Array.from(whole, (byte, i) => (i > 40 && i < 60 ? byte ^ 0xff : byte)));
    await expect(readPoints(damaged)).rejects.toMatchObject({
      code: 'INVALID_DATA',
      data: { file: damaged },
    });
  });

  it('says which file is missing', async () => {
    await expect(readPoints('/nowhere/points.csv')).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
      data: { file: '/nowhere/points.csv' },
    });
  });
});

describe('pointsOf', () => {
  it('names the face that has no points', async () => {
    const points = await readPoints(write(`${BY_ROW}\n0,${face(0)}\n`));
    expect(problemOf(() => pointsOf(points, { row: 5 }))).toMatchObject({
      code: 'INVALID_DATA',
      data: { file: points.file, option: 'row', given: '5' },
    });
  });

  it('says when faces and points have different names', async () => {
    const points = await readPoints(write(`file,${COORDINATES}\na.png,${face(0)}\n`));
    expect(problemOf(() => pointsOf(points, { row: 0 }))).toMatchObject({
      code: 'INVALID_DATA',
      data: { file: points.file, option: 'file', hint: expect.stringContaining('by row') },
    });
  });
});

function problemOf(run: () => unknown): unknown {
  try {
    run();
  } catch (problem) {
    return problem;
  }
  return undefined;
}
