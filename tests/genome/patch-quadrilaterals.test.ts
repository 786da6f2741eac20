import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patchQuadrilaterals } from '../../src/genome/patch-quadrilaterals.ts';
import { rectanglesOf } from '../../src/genome/patches.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { applySimilarity } from '../../src/landmarks/similarity.ts';
import { EYES_AND_MOUTH } from '../maps/faces.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

test('corners on a photo map back to the corners in the frame within a hundredth of a pixel', () => {
  const rectangles = EYES_AND_MOUTH.patches.flatMap((patch) => rectanglesOf(patch, FACE_FRAME));
  fc.assert(
    fc.property(number(0.02, 3), number(-0.7, 0.7), number(0, 4000), number(0, 4000), (scale, turn, x, y) => {
      const [a, b] = [scale * Math.sqrt(1 - turn * turn), scale * turn];
      const similarity = { a, b, tx: 32 - a * x + b * y, ty: 37 - b * x - a * y };
      const patches = patchQuadrilaterals(EYES_AND_MOUTH, FACE_FRAME, similarity);
      expect(patches.map(({ patch }) => patch)).toEqual([0, 0, 1, 2]);
      for (const [i, { corners }] of patches.entries()) {
        const { x: left, y: top, width, height } = rectangles[i];
        const wanted = [
          [left, top],
          [left + width, top],
          [left + width, top + height],
          [left, top + height],
        ];
        for (const [k, corner] of corners.entries()) {
          const back = applySimilarity(similarity, ...corner);
          expect(Math.hypot(back[0] - wanted[k][0], back[1] - wanted[k][1])).toBeLessThan(0.01);
        }
      }
    }),
  );
});
