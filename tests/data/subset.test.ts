import { describe, expect, test } from 'vitest';
import { indicesOf } from '../../src/data/dataset.ts';
import { subsetOf } from '../../src/data/subset.ts';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { tinyFaces } from '../fitness/tiny-faces.ts';

const whole = syntheticFaces({ count: 70 });

describe('a part of a data set', () => {
  test('holds its samples, and their people', () => {
    const indices = Uint32Array.of(3, 4, 20, 69);
    const part = subsetOf(whole, indices);
    expect(part).toMatchObject({ name: 'synthetic:70, 4 of 70', count: 4, classes: whole.classes });
    const bytes = whole.frame.size ** 2;
    for (const [index, sample] of indices.entries()) {
      expect(part.frames.subarray(index * bytes, (index + 1) * bytes)).toEqual(
        whole.frames.subarray(sample * bytes, (sample + 1) * bytes),
      );
      expect(part.labels[index]).toBe(whole.labels[sample]);
      expect(part.splits[index]).toBe(whole.splits[sample]);
      expect(part.subjects?.[index]).toBe(whole.subjects?.[sample]);
    }
    expect(part.frames.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('keeps the groups of its samples, and all their values', () => {
    const age = { values: ['20', '30'], of: Int32Array.from({ length: 70 }, (_, i) => (i % 3) - 1) };
    const grouped = { ...whole, groups: new Map([['age', age]]) };
    const part = subsetOf(grouped, Uint32Array.of(3, 4, 69));
    expect(part.groups?.get('age')).toEqual({ values: age.values, of: Int32Array.of(-1, 0, -1) });
    expect(part.groups?.get('age')?.of.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(part.hash).not.toBe(subsetOf(whole, Uint32Array.of(3, 4, 69)).hash);
    const sent = structuredClone(part); // as to a worker thread: the same memory
    part.groups!.get('age')!.of[2] = 0;
    expect(sent.groups?.get('age')).toEqual({ values: age.values, of: Int32Array.of(-1, 0, 0) });
  });

  test('has its own hash, which equals that of the whole if it has all samples', () => {
    const all = Uint32Array.from({ length: 70 }, (_, i) => i);
    expect(subsetOf(whole, all).hash).toBe(whole.hash);
    expect(subsetOf(whole, all.slice(1)).hash).not.toBe(whole.hash);
  });

  test('has no people if the data set has none', () => {
    const tiny = tinyFaces({ train: 12, validation: 6 });
    expect(subsetOf(tiny, indicesOf(tiny, 'train'))).not.toHaveProperty('subjects');
  });
});
