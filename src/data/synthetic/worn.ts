import { ellipse, smooth } from './drawing.ts';
import { along, type FaceShape, MIDLINE, x, y } from './face-shape.ts';
import type { Identity } from './identity.ts';
import type { Pen } from './pen.ts';

const JAW_BETWEEN_EARS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const LOWER_LIP = [54, 55, 56, 57, 58, 59, 48];
const UPPER_LIP = [49, 50, 51, 52, 53];

/** Draws beard and moustache, which move with jaw and lips. */
export function drawBeard(pen: Pen, shape: FaceShape, { hair, skin, beard, moustache }: Identity): void {
  const grey = Math.min(hair.grey, 0.6 * skin);
  if (beard > 0) {
    const aroundLip = LOWER_LIP.flatMap((point) => [
      MIDLINE + 1.3 * (x(shape, point) - MIDLINE),
      y(shape, point) + 0.8,
    ]);
    pen.fill([...along(shape, JAW_BETWEEN_EARS), ...aroundLip], grey, 0.7 * beard);
  }
  if (moustache > 0) {
    const nose = y(shape, 33);
    const right = [MIDLINE + 4.6, nose + 3, MIDLINE + 2.6, nose + 1.4];
    const left = [MIDLINE - 2.6, nose + 1.4, MIDLINE - 4.6, nose + 3];
    pen.fill([...along(shape, UPPER_LIP), ...right, ...left], grey, 0.85 * moustache);
  }
}

/** Draws two rims, a bridge and temples. */
export function drawGlasses(pen: Pen, shape: FaceShape, grey: number): void {
  const rim = { width: 0.9, ends: 0.9, grey, opacity: 0.9 };
  const left = (x(shape, 36) + x(shape, 39)) / 2;
  const right = (x(shape, 42) + x(shape, 45)) / 2;
  const height = (y(shape, 36) + y(shape, 45)) / 2 + 0.6;
  for (const middle of [left, right]) {
    const glass = ellipse(middle, height, 6.1, 4.6);
    pen.stroke([...glass, glass[0], glass[1]], rim);
    pen.shade(middle - 2, height - 1.5, 3, 2, 0.12);
  }
  pen.stroke(smooth([left + 6, height - 0.6, MIDLINE, height - 1.4, right - 6, height - 0.6]), rim);
  pen.stroke([left - 6, height - 0.8, 3.2, height - 1.2], rim);
  pen.stroke([right + 6, height - 0.8, 44.8, height - 1.2], rim);
}
