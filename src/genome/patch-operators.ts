import type { RandomStream } from '../core/random.ts';
import type { GenomeBounds } from './bounds.ts';
import type { PatchGene } from './genome.ts';
import {
  boundingBox,
  canonicalPatches,
  faceSquare,
  mirrorImage,
  moveInside,
  patchAt,
  rectangleOf,
} from './patches.ts';
import { canBeHalved, randomPatch } from './random.ts';

/**
 * Makes one change to a canonical list of patches, or returns null if there is nothing to change in this way. The
 * result lies inside the face with its sides in bounds; the caller checks its order, repetitions and number.
 */
export type PatchOperator = (
  patches: readonly PatchGene[],
  bounds: GenomeBounds,
  random: RandomStream,
) => PatchGene[] | null;

/** Maximum step of a patch along one axis, and maximum change of a side, pixels. */
const MAX_STEP = 4;

/** Moves one patch by up to 4 pixels along each axis, as far as the face goes. */
export const movePatch: PatchOperator = (patches, bounds, random) => {
  return changeOne(patches, random, (patch) => {
    const dx = patch.dx + random.integer(-MAX_STEP, MAX_STEP);
    const dy = patch.dy + random.integer(-MAX_STEP, MAX_STEP);
    return insideFace({ ...patch, dx, dy }, bounds);
  });
};

/** Changes the sides of one patch by up to 4 pixels each, about its centre. */
export const resizePatch: PatchOperator = (patches, bounds, random) => {
  return changeOne(patches, random, (patch) => {
    const resized = (side: number) => {
      const changed = side + random.integer(-MAX_STEP, MAX_STEP);
      return Math.min(Math.max(changed, patch.scale * bounds.minimumSide), bounds.maximumSide);
    };
    return insideFace({ ...patch, width: resized(patch.width), height: resized(patch.height) }, bounds);
  });
};

/** Adds a patch of any position and size. */
export const addPatch: PatchOperator = (patches, bounds, random) => {
  return [...patches, randomPatch(bounds, bounds.maximumSide, random)];
};

export const removePatch: PatchOperator = (patches, _bounds, random) => {
  return patches.toSpliced(random.integer(0, patches.length - 1), 1);
};

/** Cuts one patch in two, across or down, both parts with sides in bounds. */
export const splitPatch: PatchOperator = (patches, bounds, random) => {
  const cuts = patches.flatMap((patch, index) => {
    const minimum = patch.scale * bounds.minimumSide;
    const axes = [];
    if (patch.width >= 2 * minimum) axes.push({ index, minimum, across: true });
    if (patch.height >= 2 * minimum) axes.push({ index, minimum, across: false });
    return axes;
  });
  if (cuts.length === 0) return null;
  const { index, minimum, across } = random.pick(cuts);
  const { x, y, width, height } = rectangleOf(patches[index], bounds.frame);
  const cut = random.integer(minimum, (across ? width : height) - minimum);
  const parts = across
    ? [
        { x, y, width: cut, height },
        { x: x + cut, y, width: width - cut, height },
      ]
    : [
        { x, y, width, height: cut },
        { x, y: y + cut, width, height: height - cut },
      ];
  return patches.toSpliced(index, 1, ...parts.map((part) => patchAt(part, patches[index], bounds.frame)));
};

/**
 * Replaces two patches, or the two halves of a pair, by the smallest rectangle around them, which is read at half
 * resolution only if both were.
 */
export const mergePatches: PatchOperator = (patches, bounds, random) => {
  const around = (a: PatchGene, b: PatchGene, mirrored: boolean) => {
    const box = boundingBox(rectangleOf(a, bounds.frame), rectangleOf(b, bounds.frame));
    const scale = a.scale === b.scale ? a.scale : 1;
    const [merged] = canonicalPatches([patchAt(box, { mirrored, scale }, bounds.frame)]);
    return merged;
  };
  const merged = patches.flatMap((patch, first) => {
    const halves = patch.mirrored ? [patches.with(first, around(patch, mirrorImage(patch), false))] : [];
    const others = patches.slice(first + 1).map((other, distance) => {
      const both = around(patch, other, patch.mirrored || other.mirrored);
      return patches.toSpliced(first + 1 + distance, 1).with(first, both);
    });
    return [...halves, ...others];
  });
  const fitting = merged.filter((list) => {
    return list.every(({ width, height }) => Math.max(width, height) <= bounds.maximumSide);
  });
  return fitting.length > 0 ? random.pick(fitting) : null;
};

/** Makes a pair of a single patch, or keeps one half, left or right, of a pair. */
export const toggleMirror: PatchOperator = (patches, _bounds, random) => {
  return changeOne(patches, random, (patch) => {
    if (!patch.mirrored) return { ...patch, mirrored: true };
    const half = random.chance(1 / 2) ? patch : mirrorImage(patch);
    return { ...half, mirrored: false };
  });
};

/** Halves the resolution at which one patch is read if it is large enough, or restores it. */
export const scalePatch: PatchOperator = (patches, bounds, random) => {
  const scaled = patches.flatMap((patch, index) => {
    if (patch.scale === 2) return [patches.with(index, { ...patch, scale: 1 })];
    return canBeHalved(patch, bounds) ? [patches.with(index, { ...patch, scale: 2 })] : [];
  });
  return scaled.length > 0 ? random.pick(scaled) : null;
};

function changeOne(
  patches: readonly PatchGene[],
  random: RandomStream,
  change: (patch: PatchGene) => PatchGene,
): PatchGene[] {
  const index = random.integer(0, patches.length - 1);
  return patches.with(index, change(patches[index]));
}

function insideFace(patch: PatchGene, { frame }: GenomeBounds): PatchGene {
  return patchAt(moveInside(rectangleOf(patch, frame), faceSquare(frame)), patch, frame);
}
