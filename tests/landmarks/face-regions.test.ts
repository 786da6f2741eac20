import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FACE_REGIONS, type FaceRegion, faceRegions, regionMask } from '../../src/landmarks/face-regions.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { meanShapeIn } from '../../src/landmarks/mean-shape.ts';

const { size } = FACE_FRAME;
const mean = faceRegions();

/** The region at a column and row of the frame. */
const at = (regions: { regionOf: Uint8Array }, x: number, y: number): FaceRegion =>
  FACE_REGIONS[regions.regionOf[y * size + x]];

/** Pixels of each region. */
const areas = ({ regionOf }: { regionOf: Uint8Array }) =>
  FACE_REGIONS.map((_, region) => regionOf.filter((one) => one === region).length);

/** The mean shape, turned about the middle of the frame by the angle with this sine, scaled and moved. */
function movedShape(sine: number, scale: number, dx: number, dy: number): Float64Array {
  const cosine = Math.sqrt(1 - sine * sine);
  return meanShapeIn(FACE_FRAME).map((_, i, all) => {
    const [x, y] = [all[i - (i % 2)] - size / 2, all[i - (i % 2) + 1] - size / 2];
    return i % 2 === 0
      ? size / 2 + dx + scale * (cosine * x - sine * y)
      : size / 2 + dy + scale * (sine * x + cosine * y);
  });
}

describe('faceRegions', () => {
  test('positions the parts of the mean face correctly', () => {
    expect(at(mean, 32, 10)).toBe('forehead');
    expect(at(mean, 22, 20)).toBe('brows');
    expect(at(mean, 32, 20)).toBe('brows'); // where a frown shows
    expect([at(mean, 23, 26), at(mean, 40, 26)]).toEqual(['eyes', 'eyes']);
    expect(at(mean, 32, 36)).toBe('nose');
    expect([at(mean, 18, 36), at(mean, 45, 36)]).toEqual(['cheeks', 'cheeks']);
    expect(at(mean, 32, 46)).toBe('mouth');
    expect(at(mean, 32, 53)).toBe('chin');
    expect([at(mean, 0, 0), at(mean, 63, 40), at(mean, 32, 62)]).toEqual(Array(3).fill('background'));
    expect(Math.min(...areas(mean))).toBeGreaterThan(100);
  });

  test('is symmetric for a symmetric face', () => {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size / 2; x++) expect(at(mean, size - 1 - x, y)).toBe(at(mean, x, y));
    }
  });

  test('takes the landmarks of a face: an open mouth is a larger one', () => {
    const points = meanShapeIn(FACE_FRAME);
    for (const lower of [55, 56, 57, 58, 59]) points[2 * lower + 1] += 4;
    const mouth = FACE_REGIONS.indexOf('mouth');
    expect(areas(faceRegions(FACE_FRAME, points))[mouth]).toBeGreaterThan(areas(mean)[mouth] + 40);
  });

  test('turns with the face', () => {
    // An eighth of the pixels may change sides where a tilted edge crosses them.
    const turned = faceRegions(FACE_FRAME, movedShape(0.5, 1, 0, 0));
    for (const [region, area] of areas(turned).entries()) {
      expect(Math.abs(area / areas(mean)[region] - 1)).toBeLessThan(0.15);
    }
    expect(at(turned, 32, 62)).toBe('background');
  });

  test('are a partition of the frame for any landmarks', () => {
    const coordinate = fc.double({ min: -40, max: 104, noNaN: true });
    const anywhere = fc
      .array(coordinate, { minLength: 136, maxLength: 136 })
      .map((all) => Float64Array.from(all));
    const face = fc
      .tuple(
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        fc.double({ min: 0.5, max: 1.8, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
      )
      .map(([sine, scale, dx, dy]) => movedShape(sine, scale, dx, dy));
    fc.assert(
      fc.property(fc.oneof(face, anywhere), (points) => {
        const regions = faceRegions(FACE_FRAME, points);
        const masks = FACE_REGIONS.map((region) => regionMask(regions, region).values);
        for (let pixel = 0; pixel < size * size; pixel++) {
          expect(masks.reduce((sum, mask) => sum + mask[pixel], 0)).toBe(1);
        }
      }),
      { numRuns: 20 },
    );
  });
});
