import { expect, test } from 'vitest';
import { sparkline } from '../../src/summary/sparkline.ts';

test.each<[number[], number, string]>([
  [[], 8, ''],
  [[5], 8, '▁'],
  [[2, 2, 2], 8, '▁▁▁'],
  [[0, 1, 2, 3, 4, 5, 6, 7], 8, '▁▂▃▄▅▆▇█'],
  [[-1, 1, 0], 8, '▁█▅'],
  [[0, 0, 0, 7, 7, 7], 3, '▁██'],
  [Array.from({ length: 1000 }, (_, i) => i), 2, '▁█'],
])('%j on %d columns', (values, width, drawn) => {
  expect(sparkline(values, width)).toBe(drawn);
});
