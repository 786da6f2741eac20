import { describe, expect, it } from 'vitest';
import { FACE_PARTS, placePart } from '../../src/genome/face-parts.ts';
import { genomeHash } from '../../src/genome/genome-hash.ts';
import { sensibleLayouts } from '../../src/genome/layouts.ts';
import { contains, faceSquare, rectanglesOf } from '../../src/genome/patches.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { meanShapeIn } from '../../src/landmarks/mean-shape.ts';
import { BOUNDS, DEFAULT_BOUNDS } from './arbitraries.ts';
import { expectInvariants } from './invariants.ts';

describe('sensibleLayouts', () => {
  it('keep every invariant within any bounds, and are all different', () => {
    for (const bounds of BOUNDS) {
      const layouts = sensibleLayouts(bounds);
      for (const genome of layouts) expectInvariants(genome, bounds);
      expect(new Set(layouts.map(genomeHash)).size).toBe(layouts.length);
      expect(layouts.length).toBeGreaterThan(0);
      expect(sensibleLayouts(bounds)).toEqual(layouts);
    }
  });

  it('begin with eyes, brows and mouth', () => {
    const layouts = sensibleLayouts(DEFAULT_BOUNDS);
    expect(layouts).toHaveLength(6);
    const [{ patches, network }] = layouts;
    expect(patches.flatMap((patch) => rectanglesOf(patch, FACE_FRAME))).toEqual([
      { x: 12, y: 16, width: 20, height: 16 },
      { x: 32, y: 16, width: 20, height: 16 },
      { x: 22, y: 38, width: 20, height: 16 },
    ]);
    expect(network).toMatchObject({ filters: [16, 32, 40], denseUnits: 48 });
    expect(layouts.map((layout) => layout.patches.length)).toEqual([2, 4, 2, 2, 1, 1]);
  });
});

describe('placePart', () => {
  const points = meanShapeIn(FACE_FRAME);
  const shows = (part: keyof typeof FACE_PARTS, first: number, last: number) => {
    const rectangle = placePart(FACE_PARTS[part], FACE_FRAME);
    for (let point = first; point <= last; point++) {
      const [x, y] = [points[2 * point], points[2 * point + 1]];
      expect(contains(rectangle, { x, y, width: 0, height: 0 }), `${part}, point ${point}`).toBe(true);
    }
  };

  it('puts a part where the mean face has it', () => {
    shows('eyesWithBrows', 17, 21);
    shows('eyesWithBrows', 36, 41);
    shows('brows', 17, 21);
    shows('eyes', 36, 41);
    shows('nose', 30, 35);
    shows('mouth', 48, 67);
    shows('lips', 48, 67);
  });

  it('enlarges about the centre as far as the face, or its half, allows', () => {
    const face = faceSquare(FACE_FRAME);
    for (const part of Object.values(FACE_PARTS)) {
      const [small, usual, large] = [0.5, 1, 3].map((factor) => placePart(part, FACE_FRAME, factor));
      expect(contains(usual, small) && contains(large, usual) && contains(face, large)).toBe(true);
      if (part.mirrored) expect(large.x + large.width).toBeLessThanOrEqual(FACE_FRAME.noseX);
      expect(small.width * small.height).toBeLessThan(0.35 * usual.width * usual.height);
    }
  });
});
