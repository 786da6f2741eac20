import { expect, test } from 'vitest';
import * as format from '../../src/summary/format.ts';
import {
  formatCount,
  formatInterval,
  formatMillions,
  formatPoints,
  formatSeconds,
  formatShare,
  sparkline,
} from '../../src/summary/format.ts';
import { formatTable } from '../../src/summary/table.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1941075.4, '1,941,075'],
])('the count %d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [9999, '9,999'],
  [123_700, '124 k'],
  [10_140_400, '10.14 M'],
])('%d is %s in millions', (count, text) => {
  expect(formatMillions(count)).toBe(text);
});

test.each([
  [0.0049, '+0.5'],
  [-0.0804, '−8.0'],
  [-0.0004, '0.0'],
  [0, '0.0'],
])('the difference %d is %s points', (difference, text) => {
  expect(formatPoints(difference)).toBe(text);
});

test('a share has one decimal', () => {
  expect(formatShare(0.61849)).toBe('61.8 %');
});

test('both ends of an interval have the same digits', () => {
  expect(formatInterval([0.65, 0.684])).toBe('65.0 % to 68.4 %');
});

test.each(Object.entries(format).filter(([name]) => /^format(?!Accuracy|Interval)/.test(name)))(
  '%s writes each of a list as it writes one',
  (_, formatter) => {
    const write = formatter as (value: number, ...rest: unknown[]) => string;
    const values = [0.65, 0.684, 0.7];
    expect(values.map(write)).toEqual(values.map((value) => write(value)));
  },
);

test.each([
  [59.4, '59 s'],
  [59.6, '1 min 00 s'],
  [185, '3 min 05 s'],
  [3599.7, '1 h 00 min'],
  [4321, '1 h 12 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('a table has aligned columns and no trailing spaces', () => {
  const table = formatTable(
    [{ title: 'name', align: 'left' }, { title: 'number' }, { title: 'remark', align: 'left' }],
    [
      ['a', '1', 'x'],
      ['longer', '1,000,000', ''],
    ],
  );
  expect(table.split('\n')).toEqual([
    'name       number  remark',
    'a               1  x',
    'longer  1,000,000',
  ]);
});

test.each<[number[], number, string]>([
  [[], 8, ''],
  [[5], 8, '▁'],
  [[2, 2, 2], 8, '▁▁▁'],
  [[0, 1, 2, 3, 4, 5, 6, 7], 8, '▁▂▃▄▅▆▇█'],
  [[-1, 1, 0], 8, '▁█▅'],
  [[0, 0, 0, 7, 7, 7], 3, '▁██'],
  [Array.from({ length: 1000 }, (_, i) => i), 2, '▁█'],
])('the sparkline of %j on %d columns is %s', (values, width, drawn) => {
  expect(sparkline(values, width)).toBe(drawn);
});
