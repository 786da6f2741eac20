import { describe, expect, it } from 'vitest';
import { indicesOf, type Split } from '../../src/data/dataset.ts';
import { DatasetBuilder, type FaceRecord, hashOf } from '../../src/data/dataset-builder.ts';
import { MEAN_SHAPE } from '../../src/landmarks/mean-shape.ts';

const record = (level: number, label: number, split: Split, subject?: number): FaceRecord => ({
  image: { pixels: new Uint8Array(48 * 48).fill(level), width: 48, height: 48 },
  label,
  split,
  subject,
});

function build(records: readonly FaceRecord[], classes = ['a', 'b']) {
  const builder = new DatasetBuilder('test');
  for (const each of records) builder.add(each);
  return builder.build(classes);
}

const base = [record(1, 0, 'train', 5), record(2, 1, 'validation', 6), record(3, 1, 'test', 5)];

describe('DatasetBuilder', () => {
  it('puts everything into shared memory of the exact length', () => {
    const dataset = build(base);
    const { frames, labels, splits, subjects } = dataset;
    expect([...labels, ...splits, ...subjects!]).toEqual([0, 1, 1, 0, 1, 2, 5, 6, 5]);
    expect(frames).toEqual(new Uint8Array(3 * 4096).fill(1, 0, 4096).fill(2, 4096, 8192).fill(3, 8192));
    for (const array of [frames, labels, splits, subjects!]) {
      expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(array.buffer.byteLength).toBe(array.byteLength);
    }
  });

  it('keeps the length of its arrays when it goes on collecting', () => {
    const builder = new DatasetBuilder('test');
    for (const each of base) builder.add(each);
    const { frames } = builder.build(['a', 'b']);
    builder.add(base[0]);
    expect(frames).toHaveLength(3 * 4096);
  });

  it('hashes classes, frames, labels, splits and subjects, and not the name', () => {
    const { hash, ...parts } = build(base);
    const others = { name: 'another', align: 'none', unaligned: 0, skipped: 7 };
    expect(hashOf({ ...parts, ...others })).toBe(hash);
    const changed = [
      build(base, ['a', 'c']),
      build([record(9, 0, 'train', 5), ...base.slice(1)]),
      build([record(1, 1, 'train', 5), ...base.slice(1)]),
      build([record(1, 0, 'test', 5), ...base.slice(1)]),
      build([record(1, 0, 'train', 7), ...base.slice(1)]),
      build(base.map(({ subject: _, ...rest }) => rest)),
    ];
    expect(new Set([hash, ...changed.map((other) => other.hash)]).size).toBe(7);
    expect(hashOf({ ...parts, frame: { ...parts.frame, noseY: 36 } })).not.toBe(hash);
  });

  it('moves a fifth of the training samples, always the same, to an empty validation split', () => {
    const records = Array.from({ length: 50 }, (_, i) => record(i, i % 2, i < 40 ? 'train' : 'test'));
    const dataset = build(records);
    const validation = indicesOf(dataset, 'validation');
    expect([0, 1].map((label) => validation.filter((i) => dataset.labels[i] === label).length)).toEqual([
      4, 4,
    ]);
    expect(Math.max(...validation)).toBeLessThan(40);
    expect(indicesOf(dataset, 'test')).toHaveLength(10);
    expect(build(records).hash).toBe(dataset.hash);
  });

  it('leaves a data set of tests alone', () => {
    expect([...build([record(1, 0, 'test'), record(2, 1, 'test')]).splits]).toEqual([2, 2]);
  });

  it('counts the faces and those that could not be aligned', () => {
    const points = MEAN_SHAPE.flat();
    for (const [align, unaligned] of [
      ['none', 0],
      ['nose', 2],
      ['similarity', 3],
    ] as const) {
      const builder = new DatasetBuilder('test', align);
      builder.add(record(0, 0, 'train'));
      builder.add({ ...record(0, 0, 'train'), points });
      builder.add({ ...record(0, 0, 'train'), points: points.map(() => Number.NaN) });
      builder.add({
        ...record(0, 0, 'train'),
        points: points.map((value, i) => (i % 4 < 2 ? value : 7 * i)),
      });
      expect([builder.count, builder.unaligned]).toEqual([4, unaligned]);
      expect(builder.build(['a'], 5)).toMatchObject({ align, count: 4, unaligned, skipped: 5 });
    }
  });

  it('aligns within the part of the image that the face fills', () => {
    const pixels = Uint8Array.from({ length: 96 * 96 }, (_, i) => (i % 96 < 48 ? 50 : 200));
    const image = { pixels, width: 96, height: 96 };
    const builder = new DatasetBuilder('test', 'none');
    for (const x of [0, 48]) {
      builder.add({ image, label: 0, split: 'train', crop: { x, y: 20, width: 48, height: 48 } });
    }
    const { frames } = builder.build(['a']);
    expect([frames[32 * 64 + 32], frames[4096 + 32 * 64 + 32]]).toEqual([50, 200]);
  });
});
