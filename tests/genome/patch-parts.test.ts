import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FACE_PARTS, placePart } from '../../src/genome/face-parts.ts';
import { genomeParts, patchParts } from '../../src/genome/patch-parts.ts';
import { faceSquare, patchAt } from '../../src/genome/patches.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';

const face = faceSquare(FACE_FRAME);
const at = (x: number, y: number, width: number, height: number, mirrored = false) =>
  patchAt({ x: face.x + x, y: face.y + y, width, height }, { mirrored, scale: 1 }, FACE_FRAME);

describe('the parts of a face under a patch', () => {
  test.each<[keyof typeof FACE_PARTS, string]>([
    ['mouth', 'mouth, chin'],
    ['lips', 'mouth'],
    ['eyesWithBrows', 'brows, eyes'],
    ['brows', 'brows, forehead'],
    ['cheeks', 'cheeks'],
  ])('of %s are %s', (name, said) => {
    const part = FACE_PARTS[name];
    expect(
      patchParts(patchAt(placePart(part, FACE_FRAME), { ...part, scale: 1 }, FACE_FRAME), FACE_FRAME),
    ).toBe(said);
  });

  test('name the side of the picture, inner and outer', () => {
    expect(patchParts(at(9, 15, 12, 6), FACE_FRAME)).toBe('left eye');
    expect(patchParts(at(27, 15, 12, 6), FACE_FRAME)).toBe('right eye');
    expect(patchParts(at(18, 9, 12, 5), FACE_FRAME)).toMatch(/inner brows/);
    expect(patchParts(at(0, 30, 4, 4), FACE_FRAME)).toBeTruthy();
  });

  test('are one to three different names for every patch inside the face', () => {
    const patch = fc
      .tuple(
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 23 }),
        fc.integer({ min: 1, max: 48 }),
        fc.boolean(),
      )
      .map(([x, y, width, height, mirrored]) =>
        at(x % (24 - width + 1), y % (48 - height + 1), width, height, mirrored),
      );
    fc.assert(
      fc.property(patch, (one) => {
        const names = patchParts(one, FACE_FRAME).split(', ');
        expect(names.length).toBeLessThanOrEqual(3);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[a-z ]+$/);
      }),
      { numRuns: 60 },
    );
  });

  test('of a genome stand once each, the largest patch first', () => {
    const patches = [at(13, 9, 8, 5, true), at(16, 34, 15, 8), at(16, 34, 16, 8)];
    expect(genomeParts({ patches }, FACE_FRAME)).toBe('mouth; brows');
  });
});
