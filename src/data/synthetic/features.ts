import type { Activation } from './action-units.ts';
import { ellipse, smooth } from './drawing.ts';
import { along, type FaceShape, MIDLINE, x, y } from './face-shape.ts';
import { drawFolds } from './folds.ts';
import type { Identity } from './identity.ts';
import { drawMouth } from './mouth.ts';
import type { Pen } from './pen.ts';
import { drawBeard, drawGlasses } from './worn.ts';

/** Draws folds, nose, mouth, eyes, brows and what the person wears in front of them, in this order. */
export function drawFeatures(pen: Pen, shape: FaceShape, identity: Identity, activation: Activation): void {
  drawFolds(pen, shape, identity, activation);
  drawNose(pen, shape, identity);
  drawBeard(pen, shape, identity);
  drawMouth(pen, shape, identity);
  for (const { upper, lower, brow } of EYES) {
    drawEye(pen, shape, identity, upper, lower);
    const { width, grey } = identity.brows;
    pen.stroke(smooth(along(shape, brow)), { width, ends: 0.5 * width, grey, opacity: 0.9 });
  }
  if (identity.glasses !== undefined) drawGlasses(pen, shape, identity.glasses);
}

/** Each row of points goes from the outer end to the inner one, except the lower lid, which closes the eye. */
const EYES = [
  { upper: [36, 37, 38, 39], lower: [39, 40, 41, 36], brow: [17, 18, 19, 20, 21] },
  { upper: [45, 44, 43, 42], lower: [42, 47, 46, 45], brow: [26, 25, 24, 23, 22] },
];

function drawEye(
  pen: Pen,
  shape: FaceShape,
  { skin, eyes }: Identity,
  upperLid: readonly number[],
  lowerLid: readonly number[],
): void {
  const upper = smooth(along(shape, upperLid));
  const lower = smooth(along(shape, lowerLid));
  const white = [...upper, ...lower];
  const opening = pen.mask(white);
  const middleX = (x(shape, upperLid[0]) + x(shape, upperLid[3])) / 2;
  const middleY = (y(shape, upperLid[0]) + y(shape, upperLid[3])) / 2 - 0.15;
  pen.fill(white, 0.38 + 0.58 * skin);
  pen.fill(ellipse(middleX, middleY, 1.75 * eyes.size, 1.75 * eyes.size), eyes.grey, 1, opening);
  pen.fill(ellipse(middleX, middleY, 0.85, 0.85), 0.03, 1, opening);
  pen.fill(ellipse(middleX, middleY - 0.75, 0.5, 0.4), 1, 0.8, opening);
  pen.stroke(upper, { width: 0.95, ends: 0.5, grey: 0.15 * skin, opacity: 0.9 });
  pen.stroke(lower, { width: 0.5, ends: 0.3, grey: 0.4 * skin, opacity: 0.55 });
  const crease = upper.map((value, i) => (i % 2 === 0 ? value : value - 1.5));
  pen.stroke(crease, { width: 0.7, ends: 0.2, grey: 0.5 * skin, opacity: 0.4 });
}

const NOSTRILS = [
  { side: -1, wing: 31, hole: 32 },
  { side: 1, wing: 35, hole: 34 },
];

function drawNose(pen: Pen, shape: FaceShape, { skin }: Identity): void {
  const tip = y(shape, 30);
  pen.shade(MIDLINE, (y(shape, 27) + tip) / 2, 1.9, 7, 0.16);
  pen.shade(MIDLINE, tip - 0.3, 2.6, 2.2, 0.14);
  for (const { side, wing, hole } of NOSTRILS) {
    const [wingX, wingY] = along(shape, [wing]);
    pen.shade(MIDLINE + 3 * side, 23.5, 2, 6, -0.14);
    const edge = smooth([wingX + 0.6 * side, wingY - 2.4, wingX + side, wingY - 1, wingX, wingY]);
    pen.stroke(edge, { width: 0.8, ends: 0.4, grey: 0.5 * skin, opacity: 0.6 });
    pen.fill(ellipse(x(shape, hole) + 0.3 * side, y(shape, hole) - 0.5, 0.95, 0.6), 0.25 * skin, 0.85);
  }
  const base = smooth(along(shape, [31, 32, 33, 34, 35]));
  pen.stroke(base, { width: 0.7, ends: 0.4, grey: 0.55 * skin, opacity: 0.5 });
  pen.shade(MIDLINE, y(shape, 33) + 1.4, 3, 1.5, -0.12);
}
