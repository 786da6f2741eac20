import { describe, expect, it } from 'vitest';
import type { Dataset, Split } from '../../src/data/dataset.ts';
import { DatasetBuilder } from '../../src/data/dataset-builder.ts';
import { splitForRun } from '../../src/evolution/splits.ts';
import { parseOptions } from '../../src/options/evolve-options.ts';

/** Plain pictures of 60 grey levels; many of them lie in more than one place. */
function withCopies(): Dataset {
  const builder = new DatasetBuilder('copies');
  const splits: Split[] = ['train', 'train', 'train', 'train', 'validation', 'test'];
  for (const [part, split] of splits.entries()) {
    for (let place = 0; place < 16; place++) {
      const pixels = new Uint8Array(48 * 48).fill((part * 11 + place * 7) % 60);
      builder.add({ image: { pixels, width: 48, height: 48 }, label: place % 2, split });
    }
  }
  return builder.build(['a', 'b']);
}

/** Faces of 2×2 pixels, all different: more of them for measuring than a call takes arguments. */
function manyFaces(count: number): Dataset {
  const frames = new Uint8Array(new Uint32Array(count).map((_, i) => i).buffer);
  const of = (numberOf: (i: number) => number) => Uint8Array.from({ length: count }, (_, i) => numberOf(i));
  return {
    ...withCopies(),
    frame: { size: 2, border: 0, noseX: 1, noseY: 1 },
    count,
    frames,
    labels: of((i) => i % 2),
    splits: of((i) => i % 3),
  };
}

it('splits hundreds of thousands of faces', () => {
  const count = 600_000;
  const dataset = manyFaces(count);
  const settings = parseOptions({ dataset: withCopies(), population: 4, seed: 'many' });
  const ladder = [{ rows: count, epochs: 1 }];
  const { validation, fitnessRungs, fitnessValidation, copies } = splitForRun({
    ...settings,
    dataset,
    ladder,
  });
  expect(validation).toHaveLength(count / 3);
  expect(fitnessRungs[0].length + fitnessValidation.length).toBe(count / 3);
  expect(copies).toBe(0);
});

describe('splitForRun', () => {
  const dataset = withCopies();
  const settings = parseOptions({ dataset, population: 4, seed: 'copies' });
  const splits = splitForRun(settings);
  const bytes = dataset.frame.size ** 2;
  const pictures = (rows: Uint32Array) => Array.from(rows, (row) => dataset.frames[row * bytes]);
  const shared = (learnt: Uint32Array, measured: Uint32Array) => {
    const asked = pictures(measured);
    return pictures(learnt).filter((picture) => asked.includes(picture));
  };

  it('trains on no picture that it is measured on', () => {
    const { training, validation, fitnessRungs, fitnessValidation } = splits;
    const test = Uint32Array.from({ length: 16 }, (_, place) => dataset.count - 16 + place);
    expect(training.length).toBeGreaterThan(0);
    expect(shared(training, Uint32Array.of(...validation, ...test))).toEqual([]);
    for (const rung of fitnessRungs) {
      expect(rung.length).toBeGreaterThan(0);
      expect(shared(rung, fitnessValidation)).toEqual([]);
    }
  });

  it('counts what it leaves out of the training rows, and keeps the rest', () => {
    expect(splits.copies).toBeGreaterThan(0);
    expect(splits.training.length + splits.copies).toBe(64);
  });
});
