import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import { genomeFromVector, vectorNames } from '../../src/genome/gene-vector.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { anyBounds, DEFAULT_BOUNDS } from './arbitraries.ts';
import { expectInvariants } from './invariants.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });

test('every vector gives a genome within the bounds, always the same', () => {
  fc.assert(
    fc.property(
      anyBounds.chain((bounds) => {
        const { length } = vectorNames(bounds);
        return fc.tuple(fc.constant(bounds), fc.array(unit, { minLength: length, maxLength: length }));
      }),
      ([bounds, vector]) => {
        const genome = genomeFromVector(vector, bounds);
        expectInvariants(genome, bounds);
        expect(canonicalGenome(genome)).toEqual(genome);
        expect(genomeFromVector(vector, bounds)).toEqual(genome);
      },
    ),
    { numRuns: 60 },
  );
});

test('each number changes what its name says', () => {
  const bounds = { ...DEFAULT_BOUNDS, maximumPatches: 1 };
  const names = vectorNames(bounds);
  // One patch of 16×16, three blocks
  const vector = names.map((name): number => (name.endsWith('mirrored') ? 0 : 0.65));
  const hash = (name: string, value: number) => {
    return genomeHash(genomeFromVector(vector.with(names.indexOf(name), value), bounds));
  };
  for (const name of names.filter((one) => !['patch 1 present', 'branches'].includes(one))) {
    expect(hash(name, 0.9), name).not.toBe(hash(name, 0));
  }
  expect(hash('patch 1 present', 0)).toBe(hash('patch 1 present', 1)); // the bounds ask for one
  expect(hash('branches', 0)).toBe(hash('branches', 1)); // one patch shares with none
});

test('refuses vectors of another length and numbers outside 0 to 1', () => {
  const { length } = vectorNames(DEFAULT_BOUNDS);
  for (const wrong of [
    [],
    new Array(length + 1).fill(0),
    new Array(length).fill(1.5),
    new Array(length).fill(Number.NaN),
  ]) {
    expect(() => genomeFromVector(wrong, DEFAULT_BOUNDS)).toThrow(
      expect.objectContaining({ code: 'INVALID_GENOME' }),
    );
  }
});
