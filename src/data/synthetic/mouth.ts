import { ellipse, smooth } from './drawing.ts';
import { along, type FaceShape, MIDLINE, x, y } from './face-shape.ts';
import type { Identity } from './identity.ts';
import type { Pen } from './pen.ts';

const UPPER_LIP = [48, 49, 50, 51, 52, 53, 54];
const LOWER_LIP = [54, 55, 56, 57, 58, 59, 48];
const INNER_UPPER = [60, 61, 62, 63, 64];
const INNER_LOWER = [64, 65, 66, 67, 60];

/** Draws the lips and, between parted lips, the dark mouth with teeth and tongue. */
export function drawMouth(pen: Pen, shape: FaceShape, { skin, mouth }: Identity): void {
  const upper = smooth(along(shape, UPPER_LIP));
  const lower = smooth(along(shape, LOWER_LIP));
  const innerUpper = smooth(along(shape, INNER_UPPER));
  const innerLower = smooth(along(shape, INNER_LOWER));
  const backAlongUpper = smooth(along(shape, INNER_UPPER.toReversed()));
  pen.shade(MIDLINE, y(shape, 57) + 1.8, 5, 1.9, -0.22);
  pen.fill([...upper, ...lower], skin * (1 - 0.75 * mouth.contrast));
  pen.fill([...upper, ...backAlongUpper], skin * (1 - 1.25 * mouth.contrast));
  pen.shade(MIDLINE, (y(shape, 66) + y(shape, 57)) / 2, 3, 0.9, 0.18);

  const inside = [...innerUpper, ...innerLower];
  const opening = pen.mask(inside);
  const gap = Math.max(0, y(shape, 66) - y(shape, 62));
  pen.fill(inside, 0.06 + 0.06 * skin);
  if (gap > 3) pen.fill(ellipse(MIDLINE, y(shape, 66) + 0.4, 3.6, 0.3 * gap), 0.45 * skin, 0.8, opening);
  const bite = Math.min(2, 0.7 * gap);
  const teethEdge = backAlongUpper.map((value, i) => (i % 2 === 0 ? value : value + bite));
  pen.fill([...innerUpper, ...teethEdge], 0.95, 0.95, opening);

  const seam = { width: 0.55, ends: 0.7, grey: 0.2 * skin, opacity: 0.75 / (1 + gap) };
  pen.stroke(innerUpper, seam);
  pen.stroke(innerLower, seam);
  for (const corner of [48, 54]) {
    pen.fill(ellipse(x(shape, corner), y(shape, corner), 0.8, 0.6), 0.25 * skin, 0.35);
  }
}
