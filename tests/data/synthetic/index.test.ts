import { describe, expect, it } from 'vitest';
import { EvopatchError } from '../../../src/core/errors.ts';
import { indicesOf, SPLITS } from '../../../src/data/dataset.ts';
import {
  EXPRESSIONS,
  type Expression,
  syntheticDifferenceMap,
  syntheticDifferences,
  syntheticFaces,
} from '../../../src/data/synthetic/index.ts';

const faces = syntheticFaces({ count: 701 });

describe('syntheticFaces', () => {
  it('gives the same bytes on every machine', () => {
    const hash = 'e3aea7ef0ed8525f8a7950fc14b9f12545ca3c2f21955491b84b696ac1bebf8a';
    expect(syntheticFaces({ count: 70, seed: 'pinned' }).hash).toBe(hash);
  });

  it('gives other faces for another seed, and the same first ones for another count', () => {
    const size = 64 * 64;
    const small = syntheticFaces({ count: 35 });
    expect(small.frames).toEqual(faces.frames.slice(0, 35 * size));
    expect(syntheticFaces({ count: 35, seed: 'other' }).frames).not.toEqual(small.frames);
  });

  it('has the shape of a data set in shared memory', () => {
    expect(faces.count).toBe(701);
    expect(faces.classes).toEqual(EXPRESSIONS);
    expect(faces.frames.length).toBe(701 * 64 * 64);
    expect(faces.frames.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('balances the classes and keeps people to one split', () => {
    const counts = EXPRESSIONS.map((_, label) => faces.labels.filter((given) => given === label).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    const people = SPLITS.map(
      (split) => new Set(Array.from(indicesOf(faces, split), (i) => faces.subjects?.[i])),
    );
    expect(people.map((group) => group.size)).toEqual([61, 20, 20]);
    expect(new Set(people.flatMap((group) => [...group])).size).toBe(101);
  });

  it('refuses impossible counts', () => {
    for (const count of [34, 0, -7, 70.5, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001]) {
      const error = catchError(() => syntheticFaces({ count }));
      expect(error).toBeInstanceOf(EvopatchError);
      expect(error).toMatchObject({ code: 'INVALID_OPTION', data: { option: 'count', given: count } });
    }
  });
});

describe('syntheticDifferences', () => {
  const { overall, perClass } = syntheticDifferences();

  it('are one map for each expression, and their root mean square is the overall one', () => {
    expect(perClass).toHaveLength(EXPRESSIONS.length);
    for (const map of perClass) expect(map.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    expect(overall).toEqual(syntheticDifferenceMap());
  });

  it('are stronger around eyes and brows, and weaker on the mouth, for fear than for joy', () => {
    const between = (expression: Expression, top: number, bottom: number) => {
      const map = perClass[EXPRESSIONS.indexOf(expression)];
      return map.reduce((sum, value, i) => (i >= top * 64 && i < bottom * 64 ? sum + value : sum), 0);
    };
    expect(between('fear', 14, 29)).toBeGreaterThan(between('happy', 14, 29) + 0.1);
    expect(between('happy', 40, 56)).toBeGreaterThan(between('fear', 40, 56) + 0.05);
  });
});

describe('syntheticDifferenceMap', () => {
  const map = syntheticDifferenceMap();
  const share = (left: number, top: number, right: number, bottom: number) => {
    let sum = 0;
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += map[y * 64 + x];
    return sum;
  };

  it('sums to 1 and is the same from left and right', () => {
    expect(share(0, 0, 64, 64)).toBeCloseTo(1, 9);
    for (const y of [20, 25, 45]) expect(map[y * 64 + 24]).toBeCloseTo(map[y * 64 + 39], 3);
  });

  it('lies on brows, eyes and mouth, none of them alone, and not on the background', () => {
    expect(share(13, 14, 51, 29)).toBeGreaterThan(0.25);
    expect(share(20, 38, 44, 56)).toBeGreaterThan(0.25);
    expect(share(13, 14, 51, 29) + share(20, 38, 44, 56)).toBeGreaterThan(0.7);
    expect(share(0, 0, 64, 12) + share(0, 0, 10, 64) + share(54, 0, 64, 64)).toBeLessThan(0.01);
  });

  it('agrees with the faces: class means differ more where the map is high', () => {
    const high = map.map((value) => (value > 2 / 4096 ? 1 : 0));
    const spread = (wanted: number) => {
      let sum = 0;
      let pixels = 0;
      for (let i = 0; i < 4096; i++) {
        const inside = Math.min(i % 64, i >> 6, 63 - (i % 64), 63 - (i >> 6)) >= 12;
        if (high[i] !== wanted || !inside) continue;
        sum += between(i);
        pixels++;
      }
      return sum / pixels;
    };
    const between = (pixel: number) => {
      const sums = new Float64Array(7);
      for (let i = 0; i < 700; i++) sums[faces.labels[i]] += faces.frames[i * 4096 + pixel] / 100;
      return Math.max(...sums) - Math.min(...sums);
    };
    expect(spread(1)).toBeGreaterThan(1.5 * spread(0));
  });
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
