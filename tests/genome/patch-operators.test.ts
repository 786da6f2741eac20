import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/core/random.ts';
import { canonicalGenome } from '../../src/genome/canonical.ts';
import type { Genome, PatchGene } from '../../src/genome/genome.ts';
import { applyMutation } from '../../src/genome/mutate.ts';
import { GENOME_OPERATORS } from '../../src/genome/operators.ts';
import { coveredPixels, rectanglesOf } from '../../src/genome/patches.ts';
import { randomGenome } from '../../src/genome/random.ts';
import { anyBounds, DEFAULT_BOUNDS, seeds, WIDE_BOUNDS } from './arbitraries.ts';
import { changedPatches, expectInvariants } from './invariants.ts';

const { frame } = DEFAULT_BOUNDS;
const area = ({ width, height }: PatchGene) => width * height;
const rectangles = ({ patches }: Genome) => patches.flatMap((patch) => rectanglesOf(patch, frame)).length;

/** What each operator may do to a list of patches: those that go, those that come, and both genomes. */
const PROMISES: Record<string, (gone: PatchGene[], come: PatchGene[], from: Genome, to: Genome) => void> = {
  move: (gone, come) => {
    expect([gone.length, come.length]).toEqual([1, 1]);
    expect({ ...come[0], dx: 0, dy: 0 }).toEqual({ ...gone[0], dx: 0, dy: 0 });
    expect(Math.abs(come[0].dy - gone[0].dy)).toBeLessThanOrEqual(4);
    if (!gone[0].mirrored) expect(Math.abs(come[0].dx - gone[0].dx)).toBeLessThanOrEqual(4);
  },
  resize: (gone, come) => {
    expect([gone.length, come.length]).toEqual([1, 1]);
    const { width, height } = gone[0];
    expect({ ...come[0], dx: 0, dy: 0, width, height }).toEqual({ ...gone[0], dx: 0, dy: 0 });
    expect(Math.abs(come[0].width - width)).toBeLessThanOrEqual(4);
    expect(Math.abs(come[0].height - height)).toBeLessThanOrEqual(4);
    expect([come[0].width, come[0].height]).not.toEqual([width, height]);
  },
  add: (gone, come) => {
    expect([gone.length, come.length]).toEqual([0, 1]);
  },
  remove: (gone, come) => {
    expect([gone.length, come.length]).toEqual([1, 0]);
  },
  split: (gone, come, from, to) => {
    expect([gone.length, come.length]).toEqual([1, 2]);
    expect(area(come[0]) + area(come[1])).toBe(area(gone[0]));
    for (const part of come) {
      expect([part.mirrored, part.scale]).toEqual([gone[0].mirrored, gone[0].scale]);
    }
    expect(coveredPixels(to, frame)).toBe(coveredPixels(from, frame));
  },
  merge: (gone, come, from, to) => {
    expect(gone.length).toBeLessThanOrEqual(2);
    expect(come.length).toBeLessThanOrEqual(1);
    expect(rectangles(to)).toBeLessThan(rectangles(from));
    if (gone.length === 2 && come.length === 1) {
      const scales = gone.map(({ scale }) => scale);
      expect(come[0].scale).toBe(scales[0] === scales[1] ? scales[0] : 1);
      expect(area(come[0])).toBeGreaterThanOrEqual(Math.max(...gone.map(area)));
    }
  },
  mirror: (gone, come) => {
    expect([gone.length, come.length]).toEqual([1, 1]);
    expect({ ...come[0], dx: 0 }).toEqual({ ...gone[0], dx: 0, mirrored: !gone[0].mirrored });
  },
  scale: (gone, come) => {
    expect([gone.length, come.length]).toEqual([1, 1]);
    expect(come[0]).toEqual({ ...gone[0], scale: 3 - gone[0].scale });
  },
  network: (_gone, _come, from, to) => {
    expect(to.patches).toEqual(from.patches);
    expect(to.network).not.toEqual(from.network);
  },
};

describe.each(GENOME_OPERATORS.filter((operator) => operator.kind === 'mutation'))('$name', (operator) => {
  const { name } = operator;

  it('does what its name says, and nothing else, within the bounds', () => {
    fc.assert(
      fc.property(anyBounds, seeds, (bounds, seed) => {
        const parent = randomGenome(bounds, randomStream(seed));
        const child = applyMutation(operator, parent, bounds, randomStream(seed, name));
        if (child === null) return;
        expectInvariants(child, bounds);
        const { gone, come } = changedPatches(parent.patches, child.patches);
        PROMISES[name](gone, come, parent, child);
        if (name !== 'network') {
          expect(child).toEqual(canonicalGenome({ patches: child.patches, network: parent.network }));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('finds something to change in many genomes', () => {
    const children = Array.from({ length: 150 }, (_, index) => {
      const parent = randomGenome(WIDE_BOUNDS, randomStream('parent', index));
      return applyMutation(operator, parent, WIDE_BOUNDS, randomStream(name, index));
    });
    expect(children.filter((child) => child !== null).length).toBeGreaterThan(30);
  });
});
