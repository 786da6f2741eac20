import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { promote } from '../../src/search/promotion.ts';

const random = () => randomStream('promotion');
const values = fc.array(fc.option(fc.tuple(fc.nat(20), fc.nat(20)), { nil: null }), {
  minLength: 1,
  maxLength: 40,
});

test('a third goes on, never a failed one, each once', () => {
  fc.assert(
    fc.property(values, (children) => {
      const places = promote(children, [], random());
      const alive = children.filter((one) => one !== null).length;
      expect(places).toHaveLength(Math.min(alive, Math.ceil(children.length / 3)));
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      for (const place of places) expect(children[place]).not.toBeNull();
      expect(promote(children, [], random())).toEqual(places);
    }),
  );
});

test('the best go on, and now and then another', () => {
  const children = Array.from({ length: 30 }, (_, index) => [index, index]);
  const drawn = new Set<number>();
  for (let draw = 0; draw < 50; draw++) {
    const places = promote(children, [], randomStream('promotion', draw));
    expect(places.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const place of places.slice(8)) drawn.add(place);
  }
  expect(drawn.size).toBeGreaterThan(15);
});

test('members of the population crowd out children that are near them', () => {
  const children = [
    [0, 10],
    [5, 5.1],
    [10, 0],
  ];
  const alone = promote(children, [], random());
  const beside = promote(
    [
      [1, 9],
      [9, 1],
      [5, 5],
    ],
    [
      [0.9, 8.9],
      [8.9, 0.9],
    ],
    random(),
  );
  expect(alone).toHaveLength(1);
  expect(beside).toEqual([2]); // the others are dominated by the population
});
