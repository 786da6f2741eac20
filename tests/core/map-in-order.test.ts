import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapInOrder } from '../../src/core/map-in-order.ts';

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

describe('mapInOrder', () => {
  it('keeps the order and the number of pending calls', async () => {
    const plan = fc.tuple(fc.array(fc.nat(5), { maxLength: 20 }), fc.integer({ min: 1, max: 6 }));
    await fc.assert(
      fc.asyncProperty(plan, async ([delays, most]) => {
        let underWay = 0;
        let highest = 0;
        const doubled = mapInOrder(delays.entries(), most, async ([index, delay]) => {
          highest = Math.max(highest, ++underWay);
          for (let turn = 0; turn < delay; turn++) await Promise.resolve();
          underWay--;
          return 2 * index;
        });
        expect(await collect(doubled)).toEqual(delays.map((_, index) => 2 * index));
        expect(highest).toBeLessThanOrEqual(most);
      }),
      { numRuns: 50 },
    );
  });

  it('works ahead of its reader', async () => {
    const begun: number[] = [];
    const values = mapInOrder([0, 1, 2, 3, 4], 2, (value) => begun.push(value));
    await values.next();
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2]);
    await values.return();
    expect(begun).toEqual([0, 1, 2]);
  });

  it('yields the results before an error, then the error of the map or of the values', async () => {
    async function* failing() {
      yield 1;
      yield 2;
      throw new Error('of the values');
    }
    for (const [values, map, message] of [
      [failing(), (value: number) => value, 'of the values'],
      [
        [1, 2, 3, 4, 5],
        (value: number) => (value > 2 ? Promise.reject(new Error(`of the map ${value}`)) : value),
        'of the map 3',
      ],
    ] as const) {
      const seen: number[] = [];
      const reading = (async () => {
        for await (const value of mapInOrder<number, number>(values, 4, map)) seen.push(value);
      })();
      await expect(reading).rejects.toThrow(message);
      expect(seen).toEqual([1, 2]);
    }
  });

  it('ends the values after pending calls when the reader stops early', async () => {
    const log: string[] = [];
    async function* source() {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        log.push('closed');
      }
    }
    const slow = async (value: number) => {
      await new Promise(setImmediate);
      log.push(`did ${value}`);
      return value;
    };
    for await (const _ of mapInOrder(source(), 2, slow)) break;
    expect(log).toEqual(['did 0', 'did 1', 'did 2', 'closed']);
  });
});
