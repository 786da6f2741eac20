import type { Genome, PatchGene } from '../genome/genome.ts';
import { patchParts } from '../genome/patch-parts.ts';
import { patchAt, pixelsOf, rectangleOf } from '../genome/patches.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';

/** Patches of several genomes that read about the same pixels. */
export interface RecurringPatch {
  /** Their mean rectangle; a pair if most of them are. */
  readonly patch: PatchGene;
  /** Number of genomes that have one or more of them. */
  readonly genomes: number;
  /** The parts of the face that the mean rectangle covers, as in `mouth, chin`. */
  readonly name: string;
}

/** Groups are merged as long as their members share this much on average: intersection over union. */
const MIN_OVERLAP = 1 / 3;

interface Member {
  readonly genome: number;
  readonly patch: PatchGene;
  readonly read: Uint8Array;
}

/**
 * Groups the patches of several genomes by the pixels that they read, mirror images included: merges the two groups with the
 * largest mean overlap until none exceeds a third (average linkage, Sokal & Michener 1958).
 *
 * @returns those in most genomes first, then the largest
 */
export function recurringPatches(
  genomes: readonly Pick<Genome, 'patches'>[],
  frame: FrameGeometry,
): RecurringPatch[] {
  let groups: Member[][] = genomes.flatMap(({ patches }, genome) =>
    patches.map((patch) => [{ genome, patch, read: pixelsOf([patch], frame) }]),
  );
  for (let pair = closestPair(groups); pair !== undefined; pair = closestPair(groups)) {
    const [first, second] = pair;
    const merged = [...groups[first], ...groups[second]];
    groups = groups.with(first, merged).toSpliced(second, 1);
  }
  const area = ({ width, height, mirrored }: PatchGene) => width * height * (mirrored ? 2 : 1);
  return groups
    .map((members) => {
      const patch = meanPatch(members, frame);
      const count = new Set(members.map(({ genome }) => genome)).size;
      return { patch, genomes: count, name: patchParts(patch, frame) };
    })
    .sort((a, b) => b.genomes - a.genomes || area(b.patch) - area(a.patch));
}

/** Finds the two groups with the largest mean overlap. */
function closestPair(groups: readonly Member[][]): readonly [number, number] | undefined {
  let closest: readonly [number, number] | undefined;
  let largest = MIN_OVERLAP;
  for (const [second, b] of groups.entries()) {
    for (const [first, a] of groups.slice(0, second).entries()) {
      const overlap = meanOf(a.flatMap((one) => b.map((other) => sharedPart(one.read, other.read))));
      if (overlap < largest || (overlap === largest && closest !== undefined)) continue;
      largest = overlap;
      closest = [first, second];
    }
  }
  return closest;
}

/** Computes intersection over union. */
function sharedPart(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let either = 0;
  for (const [pixel, value] of a.entries()) {
    both += value & b[pixel];
    either += value | b[pixel];
  }
  return both / either;
}

function meanPatch(members: readonly Member[], frame: FrameGeometry): PatchGene {
  const pairs = members.filter(({ patch }) => patch.mirrored);
  const mirrored = 2 * pairs.length >= members.length;
  const shaped = mirrored ? pairs : members.filter(({ patch }) => !patch.mirrored);
  const rectangles = shaped.map(({ patch }) => rectangleOf(patch, frame));
  const mean = (side: 'x' | 'y' | 'width' | 'height') =>
    Math.round(meanOf(rectangles.map((one) => one[side])));
  const rectangle = { x: mean('x'), y: mean('y'), width: mean('width'), height: mean('height') };
  return patchAt(rectangle, { mirrored, scale: 1 }, frame);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
