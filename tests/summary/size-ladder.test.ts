import { expect, test } from 'vitest';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import type { Finalist } from '../../src/run/result.ts';
import { sizeLadder } from '../../src/summary/size-ladder.ts';
import { formatSizes } from '../../src/summary/size-table.ts';

const FACE = 48 ** 2;

function finalist(coveredPixels: number, parameters: number, validationAccuracy: number): Finalist {
  const hash = `${coveredPixels}-${parameters}`;
  return {
    hash,
    coveredPixels,
    parameters,
    validationAccuracy,
    interval95: [0.5, 0.9],
  } as unknown as Finalist;
}

const tiny = finalist(0.05 * FACE, 1001, 0.6);
const small = finalist(0.1 * FACE, 5000, 0.8);
const large = finalist(0.5 * FACE, 97_000, 0.81);
const wasteful = finalist(0.3 * FACE, 60_001, 0.7);

test('each limit names the most accurate finalist up to it, the limit included', () => {
  const { pixels, parameters } = sizeLadder([tiny, wasteful, large, small], FACE_FRAME);
  expect(pixels.map(({ limit, finalist }) => [limit, finalist])).toEqual([
    [0.05, tiny],
    [0.1, small],
    [0.15, small],
    [0.25, small],
    [0.35, small],
    [0.5, large],
  ]);
  expect(parameters.map(({ limit, finalist }) => [limit, finalist])).toEqual([
    [1000, null],
    [5000, small],
    [20_000, small],
    [60_000, small],
    [100_000, large],
  ]);
});

test('of equally accurate finalists the smaller one is named, in any order', () => {
  const larger = finalist(0.2 * FACE, 5000, 0.8);
  for (const finalists of [
    [larger, small],
    [small, larger],
  ]) {
    expect(sizeLadder(finalists, FACE_FRAME).pixels[4].finalist).toBe(small);
  }
});

test('a size holds if its network is not worse than the baseline, and is open without one', () => {
  const compared = (one: Finalist, notWorse: boolean) => ({ ...one, difference: { notWorse } }) as Finalist;
  const { pixels } = sizeLadder([compared(tiny, false), compared(small, true), large], FACE_FRAME);
  expect(pixels.map(({ holds }) => holds)).toEqual([false, true, true, true, true, null]);
  const { parameters } = sizeLadder([compared(small, true)], FACE_FRAME);
  expect(parameters.map(({ holds }) => holds)).toEqual([null, true, true, true, true]);
});

test('the table has a row for each limit and marks the chosen network', () => {
  const dataset = { frame: FACE_FRAME } as never;
  const rows = formatSizes({ finalists: [tiny, small], best: small as never, dataset })?.split('\n') ?? [];
  expect(rows).toHaveLength(12);
  expect(rows.filter((row) => row.endsWith('← chosen'))).toHaveLength(9);
  expect(rows.find((row) => row.startsWith('5 % of the face'))).toContain('60.0 % (50.0–90.0)');
  expect(rows.find((row) => row.startsWith('1,000 parameters'))).toMatch(/–\s+–\s+–/);
  expect(formatSizes({ finalists: [], best: small as never, dataset })).toBeUndefined();
});
