import { describe, expect, it } from 'vitest';
import { type RandomStream, randomStream } from '../../src/core/random.ts';

const PINNED = [370886, 702218, 968296];

const draw = <T>(count: number, next: () => T) => Array.from({ length: count }, next);

/** Whether a share of `count` draws is within four deviations of what it should be. */
function expectShare(hits: number, count: number, share: number): void {
  expect(Math.abs(hits / count - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count));
}

describe('a random stream', () => {
  it('gives the same numbers for the same key, on every machine', () => {
    const stream = randomStream('seed', 3, 'mutation');
    expect(draw(3, () => stream.integer(0, 999_999))).toEqual(PINNED);
    const again = randomStream('seed', 3, 'mutation');
    expect(draw(3, () => again.integer(0, 999_999))).toEqual(PINNED);
  });

  it('gives other numbers for another key', () => {
    const first = (...key: (string | number)[]) => randomStream(...key).uniform();
    const values = [first('a'), first('b'), first('a', 1), first('a', 2), first('a', 1, 'x'), first(1, 'a')];
    expect(new Set(values).size).toBe(values.length);
  });

  it('is uniform', () => {
    const stream = randomStream('uniform');
    const values = draw(20_000, () => stream.uniform());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    for (let tenth = 0; tenth < 10; tenth++) {
      expectShare(values.filter((value) => Math.floor(value * 10) === tenth).length, values.length, 0.1);
    }
  });

  it('draws whole numbers with both ends, chances, elements', () => {
    const stream = randomStream('kinds');
    const count = 6000;
    const shares = (values: readonly unknown[], value: unknown) =>
      values.filter((one) => one === value).length;
    const integers = draw(count, () => stream.integer(-1, 1));
    for (const value of [-1, 0, 1]) expectShare(shares(integers, value), count, 1 / 3);
    expectShare(
      shares(
        draw(count, () => stream.chance(0.2)),
        true,
      ),
      count,
      0.2,
    );
    expect(draw(50, () => stream.chance(0)).includes(true)).toBe(false);
    expect(draw(50, () => stream.chance(1)).includes(false)).toBe(false);
    expectShare(
      shares(
        draw(count, () => stream.pick(['a', 'b', 'c', 'd'])),
        'd',
      ),
      count,
      1 / 4,
    );
    expect(stream.integer(7, 7)).toBe(7);
  });

  it('shuffles a copy, every order alike', () => {
    const stream = randomStream('shuffle');
    const list = [1, 2, 3];
    const orders = draw(6000, () => stream.shuffle(list).join(''));
    for (const order of ['123', '132', '213', '231', '312', '321']) {
      expectShare(orders.filter((one) => one === order).length, orders.length, 1 / 6);
    }
    expect(list).toEqual([1, 2, 3]);
    expect((stream satisfies RandomStream).shuffle([])).toEqual([]);
  });
});
