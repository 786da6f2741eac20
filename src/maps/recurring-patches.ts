import type { Genome, PatchGene } from '../genome/genome.ts';
import { patchParts } from '../genome/patch-parts.ts';
import { mirrorImage, patchAt, type Rectangle, rectangleOf, rectanglesOf } from '../genome/patches.ts';
import type { FrameGeometry } from '../landmarks/frame-geometry.ts';

/** Patches of several genomes that read about the same pixels. */
export interface RecurringPatch {
  /** Their mean rectangle, as a pair where its mirror image recurs as well. */
  readonly patch: PatchGene;
  /** Number of genomes that have one or more of them. */
  readonly genomes: number;
  /** The parts of the face that the mean rectangle covers, as in `mouth, chin`. */
  readonly name: string;
}

/** Groups are merged as long as their members share this much on average: intersection over union. */
const MIN_OVERLAP = 1 / 3;

/** A patch, or one half of a pair: some runs read with a pair what others read with two patches. */
interface Member {
  readonly genome: number;
  readonly rectangle: Rectangle;
}

/** A mean rectangle, and the genomes that read about the same. */
interface Group {
  readonly rectangle: Rectangle;
  readonly genomes: ReadonlySet<number>;
}

/**
 * Groups the rectangles of several genomes, mirror images included: merges the two groups with the largest mean overlap until
 * none exceeds a third (average linkage, Sokal & Michener 1958). Two groups that mirror each other and belong to the same
 * genomes are then one pair.
 *
 * @returns those in most genomes first, then the largest
 */
export function recurringPatches(
  genomes: readonly Pick<Genome, 'patches'>[],
  frame: FrameGeometry,
): RecurringPatch[] {
  let clusters: Member[][] = genomes.flatMap(({ patches }, genome) =>
    patches.flatMap((patch) => rectanglesOf(patch, frame).map((rectangle) => [{ genome, rectangle }])),
  );
  for (let pair = closestPair(clusters); pair !== undefined; pair = closestPair(clusters)) {
    const [first, second] = pair;
    const merged = [...clusters[first], ...clusters[second]];
    clusters = clusters.with(first, merged).toSpliced(second, 1);
  }
  const area = ({ width, height, mirrored }: PatchGene) => width * height * (mirrored ? 2 : 1);
  return pairUp(clusters.map(groupOf), frame)
    .map(({ patch, genomes: { size } }) => ({ patch, genomes: size, name: patchParts(patch, frame) }))
    .sort((a, b) => b.genomes - a.genomes || area(b.patch) - area(a.patch));
}

/** Finds the two clusters with the largest mean overlap. */
function closestPair(clusters: readonly Member[][]): readonly [number, number] | undefined {
  let closest: readonly [number, number] | undefined;
  let largest = MIN_OVERLAP;
  for (const [second, b] of clusters.entries()) {
    for (const [first, a] of clusters.slice(0, second).entries()) {
      const overlap = meanOf(
        a.flatMap((one) => b.map((other) => sharedPart(one.rectangle, other.rectangle))),
      );
      if (overlap < largest || (overlap === largest && closest !== undefined)) continue;
      largest = overlap;
      closest = [first, second];
    }
  }
  return closest;
}

/** Makes one pair of any two groups that mirror each other in the same genomes. */
function pairUp(
  groups: readonly Group[],
  frame: FrameGeometry,
): { readonly patch: PatchGene; readonly genomes: ReadonlySet<number> }[] {
  const open = [...groups];
  const found = [];
  for (let group = open.shift(); group !== undefined; group = open.shift()) {
    const { rectangle, genomes } = group;
    const single = patchAt(rectangle, { mirrored: false, scale: 1 }, frame);
    const image = rectangleOf(mirrorImage(single), frame);
    const partner = open.findIndex((other) => {
      return sharedPart(image, other.rectangle) >= MIN_OVERLAP && isSame(genomes, other.genomes);
    });
    if (partner < 0) {
      found.push({ patch: single, genomes });
      continue;
    }
    const [other] = open.splice(partner, 1);
    const otherImage = mirrorImage(patchAt(other.rectangle, { mirrored: false, scale: 1 }, frame));
    const mean = meanRectangle([rectangle, rectangleOf(otherImage, frame)]);
    found.push({ patch: patchAt(mean, { mirrored: true, scale: 1 }, frame), genomes });
  }
  return found;
}

function groupOf(members: readonly Member[]): Group {
  return {
    rectangle: meanRectangle(members.map(({ rectangle }) => rectangle)),
    genomes: new Set(members.map(({ genome }) => genome)),
  };
}

function isSame(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}

/** Computes intersection over union. */
function sharedPart(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (a.width * a.height + b.width * b.height - both);
}

function meanRectangle(rectangles: readonly Rectangle[]): Rectangle {
  const mean = (side: keyof Rectangle) => Math.round(meanOf(rectangles.map((one) => one[side])));
  return { x: mean('x'), y: mean('y'), width: mean('width'), height: mean('height') };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
