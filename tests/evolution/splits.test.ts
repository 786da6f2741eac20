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
