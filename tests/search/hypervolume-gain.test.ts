import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dominates } from '../../src/search/dominance.ts';
import { hypervolume } from '../../src/search/hypervolume.ts';
import { chooseByGain, hypervolumeGain } from '../../src/search/hypervolume-gain.ts';

const SIDE = 6;
/** Points on a grid, of which some lie outside the reference, and many add as much as another one. */
const cases = fc.integer({ min: 1, max: 4 }).chain((dimensions) => {
  const value = fc.integer({ min: 0, max: SIDE + 1 });
  const points = fc.array(fc.array(value, { minLength: dimensions, maxLength: dimensions }), {
    maxLength: 12,
  });
  return fc.record({
    points,
    others: points,
    reference: fc.constant(Array<number>(dimensions).fill(SIDE)),
    count: fc.nat(12),
  });
});

test('the gain is what the hypervolume grows by', () => {
  fc.assert(
    fc.property(cases, ({ points, others, reference }) => {
      const before = hypervolume(others, reference);
      for (const point of points) {
        const after = hypervolume([...others, point], reference);
        expect(hypervolumeGain(point, others, reference)).toBe(after - before);
      }
    }),
  );
});

test('each choice is the first of those that add most, among those that nothing taken dominates', () => {
  fc.assert(
    fc.property(cases, ({ points, others, reference, count }) => {
      const chosen: number[] = [];
      while (chosen.length < count) {
        const taken = [...others, ...chosen.map((index) => points[index])];
        const open = points.flatMap((point, index) => {
          const isOpen = !chosen.includes(index) && !taken.some((one) => dominates(one, point));
          return isOpen ? [index] : [];
        });
        if (open.length === 0) break;
        const gains = open.map((index) => hypervolume([...taken, points[index]], reference));
        chosen.push(open[gains.indexOf(Math.max(...gains))]);
      }
      expect(chooseByGain(points, others, reference, count)).toEqual(chosen);
    }),
    { numRuns: 500 },
  );
});

test('a point with a value that is not known comes last, and takes nothing from others', () => {
  expect(hypervolumeGain([1, 1], [[Number.NaN, 0]], [2, 2])).toBe(1);
  expect(
    chooseByGain(
      [
        [Number.NaN, 0],
        [1, 1],
      ],
      [],
      [2, 2],
      2,
    ),
  ).toEqual([1, 0]);
});
