import { expect, test } from 'vitest';
import { classTable } from '../../../src/cli/data/class-table.ts';

test('a line for each split that has faces', () => {
  const labels = Uint8Array.of(0, 0, 0, 1, 1);
  const splits = Uint8Array.of(0, 0, 1, 0, 0);
  expect(classTable({ name: 'faces', classes: ['angry', 'happy'], labels, splits }, 80)).toBe(
    ['              angry  happy', '  train           2      2', '  validation      1      0'].join('\n'),
  );
});

test('many classes go on below, none is lost and no line is longer than the terminal', () => {
  const classes = Array.from({ length: 60 }, (_, i) => `class-${i}`);
  const labels = Uint8Array.from({ length: 120 }, (_, i) => i % 60);
  const lines = classTable({ name: 'faces', classes, labels, splits: new Uint8Array(120) }, 80).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  const titles = lines.filter((line) => !line.startsWith('  train'));
  expect(titles.flatMap((line) => line.trim().split(/ +/))).toEqual(classes);
  const counts = lines.filter((line) => line.startsWith('  train'));
  expect(counts.flatMap((line) => line.trim().split(/ +/).slice(1))).toEqual(classes.map(() => '2'));
});
