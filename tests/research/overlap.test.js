import { describe, expect, test } from 'vitest';
import { overlapOf } from '../../research/search/overlap.js';
import { EYES_AND_MOUTH } from '../../src/bench/untrained-model.ts';
import { syntheticDifferenceMap } from '../../src/data/synthetic/difference-map.ts';
import { faceSquare, patchAt } from '../../src/genome/patches.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';

const face = faceSquare(FACE_FRAME);
const size = FACE_FRAME.size;

/** A genome of unpaired patches, places counted from the corner of the face. */
function genomeAt(...places) {
  const patches = places.map((place) => {
    const inFrame = { ...place, x: face.x + place.x, y: face.y + place.y };
    return patchAt(inFrame, { mirrored: false, scale: 1 }, FACE_FRAME);
  });
  return { ...EYES_AND_MOUTH, patches };
}

/** The mass lies evenly on the upper left quarter of the face, and some outside of it where nobody looks. */
const quarter = new Float64Array(size * size);
for (let y = 0; y < size; y++) {
  for (let x = 0; x < size; x++) {
    const inside = x >= face.x && x < face.x + 24 && y >= face.y && y < face.y + 24;
    quarter[y * size + x] = inside || x < face.x ? 1 : 0;
  }
}

describe('overlap', () => {
  test('is 4 on a quarter that has everything, 0 beside it, 1 all over', () => {
    const on = overlapOf([genomeAt({ x: 0, y: 0, width: 24, height: 24 })], quarter, FACE_FRAME);
    expect(on).toEqual({ concentration: 4, coverage: 1 / 4, rankCorrelation: expect.closeTo(1, 12) });
    const beside = overlapOf([genomeAt({ x: 24, y: 0, width: 24, height: 24 })], quarter, FACE_FRAME);
    expect(beside.concentration).toBe(0);
    expect(beside.rankCorrelation).toBeCloseTo(-1 / 3, 12);
    const all = overlapOf([genomeAt({ x: 0, y: 0, width: 48, height: 48 })], quarter, FACE_FRAME);
    expect(all).toEqual({ concentration: 1, coverage: 1, rankCorrelation: null });
  });

  test('counts pixels that two patches read once, and is the mean over genomes', () => {
    const half = { x: 0, y: 0, width: 24, height: 12 };
    const twice = genomeAt(half, { x: 0, y: 6, width: 24, height: 6 });
    expect(overlapOf([twice], quarter, FACE_FRAME)).toMatchObject({ concentration: 4, coverage: 1 / 8 });
    const both = overlapOf([twice, genomeAt({ x: 24, y: 0, width: 24, height: 24 })], quarter, FACE_FRAME);
    expect(both).toMatchObject({ concentration: 2, coverage: 3 / 16 });
  });

  test('is above chance for eyes and mouth of drawn faces', () => {
    const { concentration, rankCorrelation } = overlapOf(
      [EYES_AND_MOUTH],
      syntheticDifferenceMap(),
      FACE_FRAME,
    );
    expect(concentration).toBeGreaterThan(1.1);
    expect(rankCorrelation).toBeGreaterThan(0.2);
  });
});
