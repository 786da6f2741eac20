import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PatchGene } from '../../src/genome/genome.ts';
import {
  boundingBox,
  canonicalPatches,
  contains,
  faceSquare,
  mirrorImage,
  moveInside,
  patchAt,
  rectangleOf,
  rectanglesOf,
} from '../../src/genome/patches.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { anyPatch } from './arbitraries.ts';

const patch = (
  dx: number,
  dy: number,
  width: number,
  height: number,
  mirrored = false,
  scale: 1 | 2 = 1,
): PatchGene => {
  return { dx, dy, width, height, mirrored, scale };
};
const columnsOf = (one: PatchGene) => {
  const { x, width } = rectangleOf(one, FACE_FRAME);
  return Array.from({ length: width }, (_, column) => x + column);
};
/** Every rectangle that is read, as text, with repetitions. */
const readBy = (patches: readonly PatchGene[]) => {
  return patches
    .flatMap((one) => rectanglesOf(one, FACE_FRAME))
    .map((rectangle) => JSON.stringify(rectangle));
};

describe('rectangleOf', () => {
  it('places the left column and the top row relative to the nose', () => {
    expect(rectangleOf(patch(0, 0, 2, 2), FACE_FRAME)).toEqual({ x: 31, y: 36, width: 2, height: 2 });
    expect(rectangleOf(patch(-14, -21, 20, 15), FACE_FRAME)).toEqual({ x: 8, y: 9, width: 20, height: 15 });
    expect(rectangleOf(patch(0, 0, 3, 5), FACE_FRAME)).toEqual({ x: 31, y: 35, width: 3, height: 5 });
  });

  it('is undone by patchAt', () => {
    fc.assert(
      fc.property(anyPatch, (one) => {
        expect(patchAt(rectangleOf(one, FACE_FRAME), one, FACE_FRAME)).toEqual(one);
      }),
    );
  });
});

describe('mirrorImage', () => {
  it('is its own inverse', () => {
    fc.assert(
      fc.property(anyPatch, (one) => {
        expect(mirrorImage(mirrorImage(one))).toEqual(one);
      }),
    );
  });

  it('covers exactly the pixels that a flipped frame shows at the patch, for odd and even widths', () => {
    fc.assert(
      fc.property(anyPatch, (one) => {
        const flipped = columnsOf(one).map((column) => FACE_FRAME.size - 1 - column);
        expect(columnsOf(mirrorImage(one))).toEqual(flipped.reverse());
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a centred patch where it is', () => {
    expect(mirrorImage(patch(0, 3, 8, 8))).toEqual(patch(0, 3, 8, 8));
    expect(columnsOf(mirrorImage(patch(0, 3, 7, 8)))).not.toEqual(columnsOf(patch(0, 3, 7, 8))); // half a pixel off
  });
});

describe('canonicalPatches', () => {
  it('lets the left half stand for a pair', () => {
    expect(canonicalPatches([patch(12, -8, 9, 8, true)])).toEqual([patch(-13, -8, 9, 8, true)]);
    expect(canonicalPatches([patch(-13, -8, 9, 8, true)])).toEqual([patch(-13, -8, 9, 8, true)]);
  });

  it('makes one patch of a pair whose halves overlap by more than half', () => {
    expect(canonicalPatches([patch(0, 0, 8, 8, true)])).toEqual([patch(0, 0, 8, 8)]);
    expect(canonicalPatches([patch(-1, 0, 8, 8, true)])).toEqual([patch(-1, 0, 8, 8)]); // 6 of 8 columns
    expect(canonicalPatches([patch(-2, 0, 8, 8, true)])).toEqual([patch(-2, 0, 8, 8, true)]); // 4 of 8
    expect(canonicalPatches([patch(1, 0, 8, 8, true)])).toEqual([patch(-1, 0, 8, 8)]);
  });

  it('leaves out a patch that another patch or half reads already', () => {
    const pair = patch(-10, 0, 8, 8, true);
    expect(
      canonicalPatches([patch(10, 0, 8, 8), pair, patch(-10, 0, 8, 8), mirrorImage(pair), pair]),
    ).toEqual([pair]);
    expect(canonicalPatches([patch(10, 0, 8, 8), patch(-10, 0, 8, 8)])).toHaveLength(2);
  });

  it('reads a rectangle at full resolution if both resolutions are listed', () => {
    const [full, half] = [patch(-10, 0, 8, 8), patch(-10, 0, 8, 8, false, 2)];
    expect(canonicalPatches([half, full])).toEqual([full]);
    expect(canonicalPatches([full, half])).toEqual([full]);
    expect(canonicalPatches([half])).toEqual([half]);
    expect(canonicalPatches([patch(1, 0, 8, 8, true, 2)])).toEqual([patch(-1, 0, 8, 8, false, 2)]);
  });

  it('is idempotent, free of repetitions and blind to order', () => {
    const lists = fc.array(anyPatch, { maxLength: 8 });
    const shuffled = lists.chain((list) =>
      fc.shuffledSubarray(list, { minLength: list.length }).map((other) => ({ list, other })),
    );
    fc.assert(
      fc.property(shuffled, ({ list, other }) => {
        const canonical = canonicalPatches(list);
        expect(canonicalPatches(canonical)).toEqual(canonical);
        expect(canonicalPatches(other)).toEqual(canonical);
        expect(canonicalPatches(list.map((one) => (one.mirrored ? mirrorImage(one) : one)))).toEqual(
          canonical,
        );
        const read = readBy(canonical);
        expect(new Set(read).size).toBe(read.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads the same rectangles as before, except pairs that became one patch', () => {
    fc.assert(
      fc.property(fc.array(anyPatch, { maxLength: 6 }), (list) => {
        const before = readBy(list);
        const after = readBy(canonicalPatches(list));
        expect(after.every((rectangle) => before.includes(rectangle))).toBe(true);
        const apart = list.filter((one) => !one.mirrored || canonicalPatches([one])[0].mirrored);
        expect(readBy(apart).every((rectangle) => after.includes(rectangle))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('rectangles', () => {
  const face = faceSquare(FACE_FRAME);
  const rectangles = fc.record({
    x: fc.integer({ min: -60, max: 120 }),
    y: fc.integer({ min: -60, max: 120 }),
    width: fc.integer({ min: 1, max: 48 }),
    height: fc.integer({ min: 1, max: 48 }),
  });

  it('are moved into the face by the minimum distance', () => {
    expect(face).toEqual({ x: 8, y: 8, width: 48, height: 48 });
    expect(moveInside({ x: 50, y: 0, width: 10, height: 10 }, face)).toEqual({
      x: 46,
      y: 8,
      width: 10,
      height: 10,
    });
    fc.assert(
      fc.property(rectangles, (one) => {
        const moved = moveInside(one, face);
        expect(contains(face, moved)).toBe(true);
        expect([moved.width, moved.height]).toEqual([one.width, one.height]);
        if (contains(face, one)) expect(moved).toEqual(one);
      }),
    );
  });

  it('have the smallest box around them', () => {
    fc.assert(
      fc.property(rectangles, rectangles, (a, b) => {
        const box = boundingBox(a, b);
        expect(contains(box, a) && contains(box, b)).toBe(true);
        for (const smaller of [
          { ...box, x: box.x + 1, width: box.width - 1 },
          { ...box, width: box.width - 1 },
          { ...box, y: box.y + 1, height: box.height - 1 },
          { ...box, height: box.height - 1 },
        ]) {
          expect(contains(smaller, a) && contains(smaller, b)).toBe(false);
        }
      }),
    );
  });
});
