import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stratifiedSplit } from '../../src/data/splits.ts';

const anyLabels = fc.uint8Array({ min: 0, max: 6, minLength: 1, maxLength: 200 });
const anyShare = fc.double({ min: 0, max: 1, noNaN: true });
const anySeed = fc.oneof(fc.string(), fc.integer());

function countOf(indices: ArrayLike<number>, labels: Uint8Array, label: number): number {
  return Array.from(indices).filter((i) => labels[i] === label).length;
}

describe('stratifiedSplit', () => {
  it('is disjoint, complete, ascending, and each class is within one sample of its share', () => {
    const anyChoice = fc.array(fc.boolean(), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(anyLabels, anyChoice, anyShare, anySeed, (labels, choice, share, seed) => {
        const indices = [...labels.keys()].filter((i) => choice[i]).reverse();
        const { first, second } = stratifiedSplit({ labels }, indices, share, seed);
        expect([...first, ...second].sort((a, b) => a - b)).toEqual(indices.reverse());
        expect([...first]).toEqual([...first].sort((a, b) => a - b));
        expect([...second]).toEqual([...second].sort((a, b) => a - b));
        expect(Math.abs(first.length - share * indices.length)).toBeLessThanOrEqual(0.5 + 1e-9);
        for (let label = 0; label < 7; label++) {
          const wanted = share * countOf(indices, labels, label);
          expect(Math.abs(countOf(first, labels, label) - wanted)).toBeLessThan(1);
        }
      }),
    );
  });

  it('depends on the seed alone, and differs between seeds', () => {
    const labels = Uint8Array.from({ length: 100 }, (_, i) => i % 3);
    const indices = [...labels.keys()];
    const split = (seed: string) => stratifiedSplit({ labels }, indices, 0.3, seed);
    expect(split('a')).toEqual(split('a'));
    expect(split('a').first).not.toEqual(split('b').first);
    expect(split('a').first).not.toEqual(Uint32Array.from({ length: 30 }, (_, i) => i));
  });

  it('keeps people whole and leaves neither part empty', () => {
    const people = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 200, maxLength: 200 });
    const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(anyLabels, people, share, anySeed, (labels, numbers, part, seed) => {
        const subjects = Int32Array.from(labels, (_, i) => numbers[i]);
        const { first, second } = stratifiedSplit({ labels, subjects }, [...labels.keys()], part, seed);
        expect([...first, ...second].sort((a, b) => a - b)).toEqual([...labels.keys()]);
        const inFirst = new Set(Array.from(first, (i) => subjects[i]));
        expect(Array.from(second).filter((i) => inFirst.has(subjects[i]))).toEqual([]);
        if (new Set(subjects).size > 1) expect(Math.min(first.length, second.length)).toBeGreaterThan(0);
      }),
    );
  });

  it('stratifies people as well as they allow', () => {
    // 40 people with 1 to 5 samples of each of two of five classes.
    const rows: [label: number, subject: number][] = [];
    for (let subject = 0; subject < 40; subject++) {
      for (let i = 0; i <= subject % 5; i++)
        rows.push([subject % 5, subject], [(subject * 3 + 1) % 5, subject]);
    }
    const labels = Uint8Array.from(rows, ([label]) => label);
    const subjects = Int32Array.from(rows, ([, subject]) => subject);
    for (const seed of ['a', 'b', 'c', 'd']) {
      const { first } = stratifiedSplit({ labels, subjects }, [...labels.keys()], 0.25, seed);
      for (let label = 0; label < 5; label++) {
        const all = labels.filter((value) => value === label).length;
        expect(Math.abs(countOf(first, labels, label) - all / 4)).toBeLessThanOrEqual(3);
      }
    }
  });

  it('gives everything or nothing for the shares 1 and 0', () => {
    const labels = Uint8Array.of(0, 1, 1);
    const subjects = Int32Array.of(4, 5, 6);
    for (const dataset of [{ labels }, { labels, subjects }]) {
      expect([...stratifiedSplit(dataset, [0, 1, 2], 0, 's').first]).toEqual([]);
      expect([...stratifiedSplit(dataset, [0, 1, 2], 1, 's').second]).toEqual([]);
    }
  });
});

describe('classes of a single sample', () => {
  it.each([
    [0.2, 'second'],
    [0.85, 'first'],
  ] as const)('of a share of %d go to the larger part where others fill the smaller one', (share, part) => {
    const labels = Uint8Array.from([...Array(20).fill(0), 1, ...Array(17).fill(2), 3]);
    for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const split = stratifiedSplit({ labels }, [...labels.keys()], share, seed);
      expect([...split[part]]).toEqual(expect.arrayContaining([20, 38]));
    }
  });
});
