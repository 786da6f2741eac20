import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import type { Split } from '../../src/data/dataset.ts';
import { DatasetBuilder } from '../../src/data/dataset-builder.ts';
import { excludeCopies, findDuplicates } from '../../src/data/duplicates.ts';

/** Two endings with the same FNV-1a of 32 bits after 4092 zeros. */
const COLLISION = [
  [189, 188, 153, 217],
  [217, 197, 43, 222],
];

function build(faces: readonly (readonly [picture: number, label: number, split: Split])[]) {
  const builder = new DatasetBuilder('test');
  for (const [picture, label, split] of faces) {
    const random = randomStream('picture', picture);
    const pixels = Uint8Array.from({ length: 48 * 48 }, () => random.integer(0, 255));
    builder.add({ image: { pixels, width: 48, height: 48 }, label, split });
  }
  return builder.build(['a', 'b', 'c']);
}

describe('findDuplicates', () => {
  it('groups identical frames, with their splits and labels', () => {
    const within = [0, 2];
    const dataset = build([
      [0, 1, 'train'],
      [1, 2, 'validation'],
      [0, 1, 'train'],
      [2, 0, 'train'],
      [1, 2, 'train'],
      [3, 0, 'test'],
      [1, 0, 'test'],
    ]);
    const across = { samples: [1, 4, 6], splits: ['train', 'validation', 'test'], labels: [0, 2] };
    expect(findDuplicates(dataset)).toEqual({
      groups: [{ samples: within, splits: ['train'], labels: [1] }, across],
      acrossSplits: [across],
      conflicting: [across],
    });
  });

  it('distinguishes frames that differ in one pixel', () => {
    const dataset = build([
      [0, 0, 'train'],
      [0, 0, 'validation'],
    ]);
    expect(findDuplicates(dataset).groups).toHaveLength(1);
    dataset.frames[4096 + 2080] ^= 1;
    expect(findDuplicates(dataset).groups).toEqual([]);
  });

  it('compares frames of equal hash byte by byte', () => {
    const dataset = build([
      [0, 0, 'train'],
      [1, 0, 'validation'],
    ]);
    dataset.frames.fill(0);
    dataset.frames.set(COLLISION[0], 4096 - 4);
    dataset.frames.set(COLLISION[1], 2 * 4096 - 4);
    expect(findDuplicates(dataset).groups).toEqual([]);
    dataset.frames.set(COLLISION[0], 2 * 4096 - 4);
    expect(findDuplicates(dataset).groups).toHaveLength(1);
  });
});

describe('excludeCopies', () => {
  it('excludes copies of measured samples and no others', () => {
    const dataset = build([
      [0, 1, 'train'],
      [1, 2, 'validation'],
      [0, 1, 'train'],
      [2, 0, 'train'],
      [1, 2, 'train'],
      [2, 0, 'test'],
      [3, 0, 'test'],
    ]);
    const { groups } = findDuplicates(dataset);
    const training = Uint32Array.of(0, 2, 3, 4);
    const left = (...measured: number[]) => [...excludeCopies(groups, training, Uint32Array.from(measured))];
    expect(left(1, 5, 6)).toEqual([0, 2]);
    expect(left(1)).toEqual([0, 2, 3]);
    expect(left(6)).toEqual([0, 2, 3, 4]);
    expect(left()).toEqual([0, 2, 3, 4]);
  });
});
