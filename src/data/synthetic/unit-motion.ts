import { ACTION_UNITS, type ActionUnit, type Activation } from './action-units.ts';
import { type FaceShape, mirrorPoint } from './face-shape.ts';

/** A landmark and how far its unit pulls it at full strength, in face units: x towards the midline, y down. */
type Pull = readonly [point: number, towardsMidline: number, down: number];

/**
 * The motion that each unit gives to the points of the right half and the midline; the left half mirrors it. The directions are
 * those of the FACS manual; the lengths were chosen by eye on rendered faces.
 */
const PULLS: Readonly<Record<ActionUnit, readonly Pull[]>> = {
  AU1: [
    [19, 0, -0.8],
    [20, 0, -2.6],
    [21, 0.3, -3.9],
  ],
  AU2: [
    [17, 0, -2],
    [18, 0, -2.8],
    [19, 0, -2.3],
    [20, 0, -0.9],
  ],
  AU4: [
    [18, 0.4, 0.9],
    [19, 0.8, 1.7],
    [20, 1.2, 2],
    [21, 1.6, 2.1],
    [37, 0, 0.15],
    [38, 0, 0.3],
  ],
  AU5: [
    [37, 0, -1.3],
    [38, 0, -1.3],
  ],
  AU6: [
    [17, 0, 0.4],
    [36, 0.2, 0.1],
    [40, 0, -0.8],
    [41, 0, -0.9],
  ],
  AU7: [
    [37, 0, 0.45],
    [38, 0, 0.45],
    [40, 0, -0.6],
    [41, 0, -0.6],
  ],
  AU9: [
    [20, 0.5, 0.9],
    [21, 0.8, 1.3],
    [30, 0, -0.8],
    [31, -0.7, -1.5],
    [32, -0.2, -1.2],
    [33, 0, -0.9],
    [38, 0, 0.3],
    [40, 0, -0.5],
    [41, 0, -0.4],
    [49, 0, -0.8],
    [50, 0, -1],
    [51, 0, -0.9],
    [61, 0, -0.7],
    [62, 0, -0.7],
  ],
  AU10: [
    [31, -0.4, -0.5],
    [49, 0, -1.2],
    [50, 0, -1.6],
    [51, 0, -1.5],
    [61, 0, -1.4],
    [62, 0, -1.3],
  ],
  AU12: [
    [31, -0.3, 0],
    [48, -2.7, -2.8],
    [49, -1.7, -1],
    [50, -0.4, 0.3],
    [51, 0, 0.4],
    [57, 0, 0.3],
    [58, -0.6, 0],
    [59, -1.8, -0.9],
    [60, -2.5, -2.5],
    [61, -0.6, 0.2],
    [62, 0, 0.3],
    [66, 0, 0.4],
    [67, -0.6, 0.2],
  ],
  AU15: [
    [48, -0.2, 2.2],
    [49, -0.1, 0.7],
    [59, -0.2, 1.3],
    [60, -0.1, 1.9],
    [61, 0, -0.1],
  ],
  AU16: [
    [57, 0, 1.6],
    [58, -0.3, 1.6],
    [59, -0.3, 0.7],
    [66, 0, 1.5],
    [67, -0.2, 1.3],
  ],
  AU17: [
    [7, 0, -0.6],
    [8, 0, -0.9],
    [50, 0, -0.4],
    [51, 0, -0.5],
    [57, 0, -0.6],
    [58, 0, -0.6],
    [61, 0, -0.6],
    [62, 0, -0.8],
    [66, 0, -0.8],
    [67, 0, -0.6],
  ],
  AU20: [
    [48, -2.6, 0.3],
    [49, -1.5, 0.3],
    [50, -0.4, 0.3],
    [58, -0.5, -0.2],
    [59, -1.6, 0.1],
    [60, -2.4, 0.3],
  ],
  AU23: [
    [48, 0.8, 0],
    [49, 0.5, 0.6],
    [50, 0.1, 0.9],
    [51, 0, 0.8],
    [57, 0, -1.3],
    [58, 0.2, -1.2],
    [59, 0.6, -0.8],
    [60, 0.8, 0],
  ],
  AU25: [
    [49, 0, -0.3],
    [50, 0, -0.6],
    [51, 0, -0.6],
    [57, 0, 1.3],
    [58, 0, 1.3],
    [59, 0, 0.8],
    [61, 0, -0.8],
    [62, 0, -0.8],
    [66, 0, 1.6],
    [67, 0, 1.5],
  ],
  AU26: [
    [5, 0, 1],
    [6, 0, 2],
    [7, 0, 2.8],
    [8, 0, 3.2],
    [48, 1.2, 1.2],
    [49, 0.5, 0],
    [57, 0, 4.6],
    [58, 0, 4.3],
    [59, 0.4, 3],
    [60, 1.1, 1.2],
    [61, 0, -0.2],
    [62, 0, -0.3],
    [66, 0, 4.4],
    [67, 0, 4],
  ],
};

const UNITS = Object.keys(ACTION_UNITS) as ActionUnit[];

/**
 * Moves the points of a face by its active units. `asymmetry` (−1 to 1) strengthens the pull on the left half of the picture by
 * that share and weakens the other.
 */
export function moveByUnits(rest: FaceShape, activation: Activation, asymmetry = 0): FaceShape {
  const shape = rest.slice();
  for (const unit of UNITS) {
    const strength = activation[unit] ?? 0;
    if (strength === 0) continue;
    for (const [point, towardsMidline, down] of PULLS[unit]) {
      const other = mirrorPoint(point);
      const left = strength * (other === point ? 1 : 1 + asymmetry);
      shape[2 * point] += towardsMidline * left;
      shape[2 * point + 1] += down * left;
      if (other === point) continue;
      const right = strength * (1 - asymmetry);
      shape[2 * other] -= towardsMidline * right;
      shape[2 * other + 1] += down * right;
    }
  }
  return shape;
}
