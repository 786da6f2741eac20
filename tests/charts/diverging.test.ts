import { expect, test } from 'vitest';
import { diverging } from '../../src/charts/diverging.ts';

test('runs from blue over white to orange, as dark at both ends', () => {
  const lightness = ([red, green, blue]: readonly number[]) => 0.3 * red + 0.59 * green + 0.11 * blue;
  const [below, middle, above] = [-1, 0, 1].map(diverging);
  expect(below[2]).toBeGreaterThan(below[0]);
  expect(above[0]).toBeGreaterThan(above[2]);
  expect(Math.min(...middle)).toBeGreaterThan(240);
  expect(Math.abs(lightness(below) - lightness(above))).toBeLessThan(12);
  for (let step = 0; step < 20; step++) {
    const [nearer, farther] = [step / 20, (step + 1) / 20];
    for (const sign of [-1, 1]) {
      expect(lightness(diverging(sign * nearer))).toBeGreaterThan(lightness(diverging(sign * farther)));
    }
  }
  expect(diverging(7)).toEqual(above);
});
