import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poseOf } from '../../src/landmarks/face-pose.ts';
import { MEAN_SHAPE } from '../../src/landmarks/mean-shape.ts';

/** The mean face, scaled and turned clockwise by some degrees about the origin. */
function turned(degrees: number, scale: number): number[] {
  const angle = (degrees * Math.PI) / 180;
  return MEAN_SHAPE.flatMap(([x, y]) => [
    scale * (x * Math.cos(angle) - y * Math.sin(angle)),
    scale * (x * Math.sin(angle) + y * Math.cos(angle)),
  ]);
}

describe('poseOf', () => {
  it('reads an upright face', () => {
    const { noseTip, leftEye, rightEye, roll, eyeDistance } = poseOf(MEAN_SHAPE.flat());
    expect(noseTip).toEqual(MEAN_SHAPE[30]);
    expect(leftEye[0]).toBeLessThan(rightEye[0]);
    expect(leftEye[0] + rightEye[0]).toBeCloseTo(48);
    expect(roll).toBeCloseTo(0);
    expect(eyeDistance).toBeCloseTo(rightEye[0] - leftEye[0]);
  });

  it('measures the rotation and size of any face', () => {
    const upright = poseOf(MEAN_SHAPE.flat()).eyeDistance;
    fc.assert(
      fc.property(
        fc.double({ min: -179, max: 179, noNaN: true }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (degrees, scale) => {
          const { roll, eyeDistance } = poseOf(turned(degrees, scale));
          expect(roll).toBeCloseTo(degrees, 6);
          expect(eyeDistance).toBeCloseTo(scale * upright, 6);
        },
      ),
      { seed: 3 },
    );
  });

  it('gives numbers even if all points coincide', () => {
    const pose = poseOf(new Float32Array(136).fill(7));
    expect(pose).toMatchObject({ noseTip: [7, 7], roll: 0, eyeDistance: 0 });
  });
});
