import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { parseGenomeBounds } from '../../src/genome/bounds.ts';
import { crossoverGenomes } from '../../src/genome/crossover.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { GENOME_OPERATORS, type GenomeOperator } from '../../src/genome/operators.ts';
import { canonicalPatches } from '../../src/genome/patches.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { ANY_PIXELS, DEFAULT_BOUNDS, NETWORK, seeds } from './arbitraries.ts';
import { same } from './invariants.ts';

describe('crossoverGenomes', () => {
  const roomy = parseGenomeBounds({
    classes: 7,
    maximumPatches: 32,
    maximumParameters: 1e7,
    maximumMacs: 1e9,
    ...ANY_PIXELS,
  });
  const parents = seeds.map((seed) =>
    [0, 1].map((which) => randomGenome(DEFAULT_BOUNDS, randomStream(seed, which))),
  );

  it('takes every gene from a parent, and keeps what both share', () => {
    fc.assert(
      fc.property(parents, seeds, ([a, b], seed) => {
        const { genome: child } = crossoverGenomes(a, b, roomy, randomStream(seed));
        for (const patch of child.patches) {
          expect([...a.patches, ...b.patches].some((other) => same(other, patch))).toBe(true);
        }
        for (const gene of [
          'convolutions',
          'convolution',
          'kernel',
          'head',
          'denseUnits',
          'dropout',
          'pooling',
        ] as const) {
          expect([a.network[gene], b.network[gene]]).toContain(child.network[gene]);
        }
        const { branches } = child.network;
        if (child.patches.length > 1) expect([a.network.branches, b.network.branches]).toContain(branches);
        for (const [block, filters] of child.network.filters.entries()) {
          expect([a.network.filters[block], b.network.filters[block]]).toContain(filters);
        }
        expect(crossoverGenomes(a, a, roomy, randomStream(seed)).genome).toEqual(a);
      }),
      { numRuns: 300 },
    );
  });

  it('mixes the patches of both parents', () => {
    const [a, b] = genomesOf(4);
    const children = Array.from({ length: 100 }, (_, index) => {
      return crossoverGenomes(a, b, roomy, randomStream(index)).genome;
    });
    const has = (child: Genome, parent: Genome) => {
      return child.patches.some((patch) => parent.patches.some((other) => same(patch, other)));
    };
    expect(children.filter((child) => has(child, a) && has(child, b)).length).toBeGreaterThan(30);
    expect(new Set(children.map((child) => JSON.stringify(child.patches))).size).toBeGreaterThan(10);
  });

  it('gives the same child for the same stream', () => {
    const [a, b] = [0, 1].map((index) => randomGenome(DEFAULT_BOUNDS, randomStream('pair', index)));
    const cross = (seed: string) => crossoverGenomes(a, b, DEFAULT_BOUNDS, randomStream(seed));
    expect(cross('one')).toEqual(cross('one'));
  });

  it('uses the operator that it names, drawn by weight', () => {
    const [a, b] = genomesOf(4);
    const childrenBy = (operators: readonly GenomeOperator[]) =>
      Array.from({ length: 100 }, (_, index) =>
        crossoverGenomes(a, b, roomy, randomStream(index), operators),
      );
    const crossovers = GENOME_OPERATORS.filter(({ kind }) => kind === 'crossover');
    expect(crossovers.length).toBe(2);
    for (const crossover of crossovers) {
      const { name } = crossover;
      const children = childrenBy([crossover]);
      expect(new Set(children.map(({ operator }) => operator))).toEqual(new Set([name]));
      const apart = children.filter(({ genome }) => isByRegion(genome, a, b)).length;
      if (name === 'crossover-region') expect(apart).toBe(100);
      else expect(apart).toBeLessThan(50);
    }
    const regions = childrenBy(GENOME_OPERATORS).filter(({ operator }) => operator === 'crossover-region');
    expect(Math.abs(regions.length - 50)).toBeLessThan(20);
    expect(() => childrenBy([])).toThrow('weights');
  });

  it('keeps pairs and the scale of each patch', () => {
    const patch = (dy: number, mirrored: boolean, scale: 1 | 2): PatchGene => {
      return { dx: -12, dy, width: 20, height: 18, mirrored, scale };
    };
    const a = { patches: [patch(-14, true, 2), patch(8, false, 1)], network: NETWORK };
    const b = { patches: [patch(-12, false, 2), patch(6, true, 1)], network: NETWORK };
    const kinds = new Set<string>();
    for (let index = 0; index < 100; index++) {
      for (const { dy, mirrored, scale } of crossoverGenomes(a, b, roomy, randomStream(index)).genome
        .patches) {
        kinds.add(`${dy} ${mirrored} ${scale}`);
      }
    }
    expect([...kinds].sort()).toEqual(['-12 false 2', '-14 true 2', '6 true 1', '8 false 1']);
  });
});

/** Whether some line, down or across, has the child's patches of one parent on one side and the other's behind it. */
function isByRegion(child: Genome, a: Genome, b: Genome): boolean {
  const text = (patches: readonly PatchGene[]) => JSON.stringify(canonicalPatches(patches));
  const centres = [
    ({ dx, width }: PatchGene) => dx + (width % 2) / 2,
    ({ dy, height }: PatchGene) => dy + (height % 2) / 2,
  ];
  const lines = Array.from({ length: 55 }, (_, index) => index - 30); // as far as the face goes from the nose
  return centres.some((centre) =>
    lines.some((line) =>
      [
        [a, b],
        [b, a],
      ].some(([before, behind]) => {
        const kept = [
          ...before.patches.filter((patch) => centre(patch) < line),
          ...behind.patches.filter((patch) => centre(patch) >= line),
        ];
        return text(kept) === text(child.patches);
      }),
    ),
  );
}

/** Random genomes with a given number of patches. */
function genomesOf(patches: number): Genome[] {
  const genomes = Array.from({ length: 100 }, (_, index) => {
    return randomGenome(DEFAULT_BOUNDS, randomStream('patches', index));
  });
  return genomes.filter((genome) => genome.patches.length === patches);
}
