import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ascendingOrder, lexicographic, lexicographicOrder } from '../../src/search/order.ts';

const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1, max: 1 }));

test('values are ordered as by a stable comparison, with zeros of either sign alike', () => {
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const places = [...values.keys()].sort((a, b) => values[a] - values[b]);
      expect([...ascendingOrder(Float64Array.from(values))]).toEqual(places);
    }),
    { numRuns: 500 },
  );
});

test('vectors are ordered by the first objective, ties by the next, equal ones by their place', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value, value)), (vectors) => {
      const places = [...vectors.keys()].sort((a, b) => lexicographic(vectors[a], vectors[b]));
      expect([...lexicographicOrder(vectors)]).toEqual(places);
    }),
    { numRuns: 500 },
  );
});
