import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { consistencyOf } from '../../src/maps/consistency.ts';
import { BESIDE_NOSE, EYES_AND_MOUTH } from './faces.ts';

const bounds = parseGenomeBounds({ classes: 7 });
const other = { ...bounds, frame: { ...bounds.frame, noseY: 36 } };
const randomGenomes = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => randomGenome(bounds, randomStream(name, index)));

describe('consistencyOf', () => {
  test('is 1 for runs that look at the same pixels', () => {
    const run = { genomes: [EYES_AND_MOUTH, BESIDE_NOSE], weights: [1, 2], bounds };
    const consistency = consistencyOf({ runs: [run, run, run], draws: 10 });
    expect(consistency.score).toBeCloseTo(1, 12);
    expect(consistency.spearman).toBeCloseTo(1, 12);
    expect(consistency.overlap).toBe(1);
    expect(consistency.pairs.map(({ first, second }) => [first, second])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
  });

  test('is about 0 for unrelated genomes, one per run or many', () => {
    const single = randomGenomes(12, 'unrelated').map((genome) => ({ genomes: [genome], bounds }));
    expect(Math.abs(consistencyOf({ runs: single, draws: 40 }).score ?? 1)).toBeLessThan(0.15);
    const many = [0, 1, 2, 3].map((run) => ({ genomes: randomGenomes(8, `unrelated ${run}`), bounds }));
    const { score, spearman, random } = consistencyOf({ runs: many, draws: 40 });
    expect(Math.abs(score ?? 1)).toBeLessThan(0.35);
    expect(spearman).toBeGreaterThan(0.3); // so the score subtracts chance
    expect(random.spearman.mean).toBeGreaterThan(0.3);
  });

  test('divides the common pixels by all pixels', () => {
    const { patches, network } = BESIDE_NOSE;
    const beside = { network, patches: [{ ...patches[0], dx: patches[0].dx + 5 }] };
    const runs = [
      { genomes: [BESIDE_NOSE], bounds },
      { genomes: [beside], bounds },
    ];
    expect(consistencyOf({ runs, draws: 2 }).overlap).toBeCloseTo(50 / 150, 12);
  });

  test('gives the same result again', () => {
    const runs = randomGenomes(2, 'two').map((genome) => ({ genomes: [genome], bounds }));
    expect(consistencyOf({ runs, draws: 5 })).toEqual(consistencyOf({ runs, draws: 5 }));
  });

  test.each([
    [{ runs: [{ genomes: [BESIDE_NOSE] }] }],
    [{ runs: [{ genomes: [BESIDE_NOSE] }, { genomes: [] }] }],
    [{ runs: [{ genomes: [BESIDE_NOSE] }, { genomes: [BESIDE_NOSE], weights: [0] }] }],
    [{ runs: [{ genomes: [BESIDE_NOSE] }, { genomes: [BESIDE_NOSE], bounds: other }] }],
  ])('refuses %j', (wrong) => {
    expect(() => consistencyOf({ runs: wrong.runs.map((run) => ({ bounds, ...run })) })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', data: expect.objectContaining({ option: 'runs' }) }),
    );
  });
});
