import type { Activation } from './action-units.ts';
import { ellipse, type Path, smooth } from './drawing.ts';
import type { FaceShape } from './face-shape.ts';
import type { Identity } from './identity.ts';
import type { Pen } from './pen.ts';

/** Brows, eyes, nose, mouth and the folds that the muscles make, in the order in which they cover each other. */
export function drawFeatures(pen: Pen, shape: FaceShape, identity: Identity, activation: Activation): void {
  drawFolds(pen, shape, identity, activation);
  drawNose(pen, shape, identity);
  drawBeard(pen, shape, identity);
  drawMouth(pen, shape, identity);
  for (const eye of EYES) drawEye(pen, shape, identity, eye);
  for (const brow of [
    [17, 18, 19, 20, 21],
    [26, 25, 24, 23, 22],
  ]) {
    pen.stroke(
      smooth(along(shape, brow)),
      identity.brows.width,
      identity.brows.width * 0.5,
      identity.brows.grey,
      0.9,
    );
  }
  if (identity.glasses !== undefined) drawGlasses(pen, shape, identity.glasses);
}

const x = (shape: FaceShape, point: number) => shape[2 * point];
const y = (shape: FaceShape, point: number) => shape[2 * point + 1];
function along(shape: FaceShape, points: readonly number[]): Path {
  const path: number[] = [];
  for (const point of points) path.push(x(shape, point), y(shape, point));
  return path;
}

const EYES = [
  { upper: [36, 37, 38, 39], lower: [39, 40, 41, 36] },
  { upper: [45, 44, 43, 42], lower: [42, 47, 46, 45] },
] as const;

function drawEye(pen: Pen, shape: FaceShape, { skin, eyes }: Identity, eye: (typeof EYES)[number]): void {
  const upper = smooth(along(shape, eye.upper));
  const lower = smooth(along(shape, eye.lower));
  const outline = [...upper, ...lower];
  const opening = pen.mask(outline);
  const middleX = (x(shape, eye.upper[0]) + x(shape, eye.upper[3])) / 2;
  const middleY = 17.75 + (y(shape, eye.upper[0]) + y(shape, eye.upper[3]) - 35.8) / 2;
  pen.fill(outline, 0.38 + 0.58 * skin);
  pen.fill(ellipse(middleX, middleY, 1.75 * eyes.size, 1.75 * eyes.size), eyes.grey, 1, opening);
  pen.fill(ellipse(middleX, middleY, 0.85, 0.85), 0.03, 1, opening);
  pen.fill(ellipse(middleX - 0.6, middleY - 0.6, 0.45, 0.45), 1, 0.8, opening);
  pen.stroke(upper, 0.95, 0.5, skin * 0.15, 0.9);
  pen.stroke(lower, 0.5, 0.3, skin * 0.4, 0.55);
  const crease = upper.map((v, i) => (i % 2 === 0 ? v : v - 1.5));
  pen.stroke(crease, 0.7, 0.2, skin * 0.5, 0.4);
}

function drawNose(pen: Pen, shape: FaceShape, { skin }: Identity): void {
  const tip = y(shape, 30);
  pen.shade(24, (y(shape, 27) + tip) / 2, 1.9, 7, 0.16);
  pen.shade(24, tip - 0.3, 2.6, 2.2, 0.14);
  for (const [wing, hole, side] of [
    [31, 32, -1],
    [35, 34, 1],
  ]) {
    const wingX = x(shape, wing);
    const wingY = y(shape, wing);
    pen.shade(24 + 3 * side, 23.5, 2, 6, -0.14);
    pen.stroke(
      smooth([wingX + 0.6 * side, wingY - 2.4, wingX + side, wingY - 1, wingX, wingY]),
      0.8,
      0.4,
      skin * 0.5,
      0.6,
    );
    pen.fill(ellipse(x(shape, hole) + 0.3 * side, y(shape, hole) - 0.5, 0.95, 0.6), skin * 0.25, 0.85);
  }
  pen.stroke(smooth(along(shape, [31, 32, 33, 34, 35])), 0.7, 0.4, skin * 0.55, 0.5);
  pen.shade(24, y(shape, 33) + 1.4, 3, 1.5, -0.12);
}

function drawMouth(pen: Pen, shape: FaceShape, { skin, mouth }: Identity): void {
  const upper = smooth(along(shape, [48, 49, 50, 51, 52, 53, 54]));
  const lower = smooth(along(shape, [54, 55, 56, 57, 58, 59, 48]));
  const innerUpper = smooth(along(shape, [60, 61, 62, 63, 64]));
  const innerLower = smooth(along(shape, [64, 65, 66, 67, 60]));
  pen.shade(24, y(shape, 57) + 1.8, 5, 1.9, -0.22);
  pen.fill([...upper, ...lower], skin * (1 - 0.75 * mouth.contrast));
  pen.fill([...upper, ...smooth(along(shape, [64, 63, 62, 61, 60]))], skin * (1 - 1.25 * mouth.contrast));
  pen.shade(24, (y(shape, 66) + y(shape, 57)) / 2, 3, 0.9, 0.18);

  const inside = [...innerUpper, ...innerLower];
  const opening = pen.mask(inside);
  const gap = y(shape, 66) - y(shape, 62);
  pen.fill(inside, 0.06 + 0.06 * skin);
  if (gap > 3) pen.fill(ellipse(24, y(shape, 66) + 0.4, 3.6, gap * 0.3), skin * 0.45, 0.8, opening);
  const bite = Math.min(2, 0.7 * gap);
  const teeth = [
    ...innerUpper,
    ...smooth(along(shape, [64, 63, 62, 61, 60])).map((v, i) => (i % 2 === 0 ? v : v + bite)),
  ];
  pen.fill(teeth, 0.88, 0.9, opening);
  for (const line of [innerUpper, innerLower])
    pen.stroke(line, 0.55, 0.7, skin * 0.2, 0.75 / (1 + 0.6 * gap));
  for (const corner of [48, 54]) {
    pen.fill(ellipse(x(shape, corner), y(shape, corner), 0.8, 0.6), skin * 0.25, 0.35);
  }
}

/** Wrinkles and bulges: each grows with the units that raise it, and some stay with age. */
function drawFolds(pen: Pen, shape: FaceShape, { skin, age }: Identity, activation: Activation): void {
  const { AU4 = 0, AU6 = 0, AU9 = 0, AU10 = 0, AU12 = 0, AU15 = 0, AU17 = 0 } = activation;
  const dark = skin * 0.45;
  const cheek = 0.12 + 0.2 * age + 0.5 * Math.min(1, Math.max(0.9 * AU12, AU9, AU10));
  for (const [side, wing, corner, lidOuter, lid, brow] of [
    [-1, 31, 48, 36, 41, 21],
    [1, 35, 54, 45, 46, 22],
  ]) {
    const wingX = x(shape, wing);
    const wingY = y(shape, wing);
    const cornerX = x(shape, corner);
    const cornerY = y(shape, corner);
    const fold = [
      wingX + 1.3 * side,
      wingY - 1.2,
      (wingX + cornerX) / 2 + 2.6 * side,
      (wingY + cornerY) / 2 - 0.6,
    ];
    pen.stroke(smooth([...fold, cornerX + 1.9 * side, cornerY - 0.4]), 1, 0.4, dark, cheek);
    pen.stroke(
      [cornerX + 0.6 * side, cornerY, cornerX + 1.3 * side, cornerY + 2.4],
      0.9,
      0.4,
      dark,
      0.1 * age + 0.5 * AU15,
    );

    const lidX = x(shape, lid);
    const lidY = y(shape, lid);
    const bag = [lidX + 2.5 * side, lidY + 1, lidX - 0.8 * side, lidY + 1.9, lidX - 4 * side, lidY + 1.4];
    pen.stroke(smooth(bag), 0.9, 0.3, dark, 0.12 + 0.15 * age + 0.4 * AU6);
    pen.shade(24 + 10.5 * side, 26.5, 5, 4, 0.1 * AU6);
    const foot = x(shape, lidOuter) + 0.8 * side;
    const footY = y(shape, lidOuter);
    for (const slope of [-0.5, 0.15, 0.8]) {
      pen.stroke(
        [foot, footY + slope, foot + 3 * side, footY + 3 * slope],
        0.6,
        0.3,
        dark,
        0.1 * age + 0.4 * AU6,
      );
    }

    const browX = 24 + 0.32 * (x(shape, brow) - 24);
    pen.stroke(
      [browX, y(shape, brow) - 1, browX - 0.2 * side, y(shape, brow) + 3],
      0.8,
      0.4,
      dark,
      0.1 * age + 0.55 * AU4,
    );
    for (const [up, reach] of [
      [20.5, 2.6],
      [22.6, 3.4],
    ]) {
      pen.stroke([24, up, 24 + reach * side, up - 1.3], 0.8, 0.4, dark, 0.6 * AU9);
    }
  }
  pen.shade(24, y(shape, 57) + 4, 4.5, 2.6, -0.3 * AU17);
}

function drawBeard(pen: Pen, shape: FaceShape, { hair, skin, beard, moustache }: Identity): void {
  const grey = Math.min(hair.grey, skin * 0.6);
  if (beard > 0) {
    const below = [54, 55, 56, 57, 58, 59, 48];
    const inner = below.flatMap((point) => [24 + 1.3 * (x(shape, point) - 24), y(shape, point) + 0.8]);
    const outer = along(shape, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    pen.fill([...outer, ...inner], grey, 0.7 * beard);
  }
  if (moustache > 0) {
    const lip = along(shape, [48, 49, 50, 51, 52, 53, 54]);
    const base = [3, 1.2, 0, 0.8, -3, 1.2].map((v, i) => (i % 2 === 0 ? 24 + v : y(shape, 33) + v));
    pen.fill([...lip, ...base], grey, 0.85 * moustache);
  }
}

function drawGlasses(pen: Pen, shape: FaceShape, grey: number): void {
  const centre = (outer: number, inner: number) => (x(shape, outer) + x(shape, inner)) / 2;
  const left = centre(36, 39);
  const right = centre(42, 45);
  const height = (y(shape, 36) + y(shape, 45)) / 2 + 0.6;
  for (const middle of [left, right]) {
    const rim = ellipse(middle, height, 6.1, 4.6);
    pen.stroke([...rim, rim[0], rim[1]], 0.9, 0.9, grey, 0.9);
    pen.shade(middle - 2, height - 1.5, 3, 2, 0.12);
  }
  pen.stroke(
    smooth([left + 6, height - 0.6, 24, height - 1.4, right - 6, height - 0.6]),
    0.9,
    0.9,
    grey,
    0.9,
  );
  pen.stroke([left - 6, height - 0.8, 3.2, height - 1.2], 0.9, 0.9, grey, 0.9);
  pen.stroke([right + 6, height - 0.8, 44.8, height - 1.2], 0.9, 0.9, grey, 0.9);
}
