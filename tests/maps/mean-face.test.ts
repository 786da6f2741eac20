import { expect, test } from 'vitest';
import { syntheticFaces } from '../../src/data/synthetic/index.ts';
import { meanFace } from '../../src/maps/mean-face.ts';

const dataset = syntheticFaces({ count: 35, seed: 'mean' });

test('is the rounded mean of one split alone', () => {
  const pixels = dataset.frame.size ** 2;
  for (const [number, split] of (['train', 'validation'] as const).entries()) {
    const samples = Array.from(dataset.labels.keys()).filter((i) => dataset.splits[i] === number);
    const expected = Array.from({ length: pixels }, (_, pixel) =>
      Math.round(samples.reduce((sum, i) => sum + dataset.frames[i * pixels + pixel], 0) / samples.length),
    );
    expect(samples.length).toBeGreaterThan(1);
    expect(Array.from(meanFace(dataset, split))).toEqual(expected);
  }
});

test('is grey for an empty split', () => {
  const trainingOnly = { ...dataset, splits: new Uint8Array(dataset.count) };
  expect(new Set(meanFace(trainingOnly, 'test'))).toEqual(new Set([128]));
});
