import type { Conditions } from './conditions.ts';
import { type Canvas, ellipse, type Path, smooth } from './drawing.ts';
import { type FaceShape, MIDLINE } from './face-shape.ts';
import type { Identity } from './identity.ts';
import type { Pen } from './pen.ts';

/** Offset from the midline and height, face units. */
type Point = readonly [outward: number, y: number];

const SIDES = [-1, 1];

/** Draws the wall behind: a gradient from one grey to another, left to right. */
export function drawBackground({ size, values }: Canvas, { left, right }: Conditions['background']): void {
  for (let i = 0; i < values.length; i++) values[i] = left + ((right - left) * (i % size)) / (size - 1);
}

/** Draws neck, shoulders, ears, the head with its broad shadows, and hair, but no features. */
export function drawHead(pen: Pen, shape: FaceShape, identity: Identity, clothing: number): void {
  const { skin, hair } = identity;
  const across = (outward: number) => MIDLINE + outward * identity.face.width;
  const curve = (points: readonly Point[]): Path => points.flatMap(([outward, y]) => [across(outward), y]);

  if (hair.length > 0.3) pen.fill(curve(arch(longHair(26 + 34 * hair.length))), hair.grey * 0.85);
  pen.fill(curve(arch(NECK)), skin * 0.72);
  pen.fill(curve(arch(SHOULDERS)), clothing);
  for (const side of SIDES) {
    pen.fill(ellipse(across(21 * side), 21.5, 2.6, 5), skin * 0.9);
    pen.shade(across(21.4 * side), 21.5, 1.8, 3.5, -0.25);
  }

  const jaw = [...shape.subarray(0, 34)];
  const head = smooth([...jaw, ...curve(arch(SKULL)), jaw[0], jaw[1]]);
  pen.fill(head, skin);
  const onSkin = pen.mask(head);
  for (const side of SIDES) {
    pen.shade(across(20 * side), 26, 9, 26, -0.3, onSkin); // the turn of the cheek
    pen.shade(across(13.5 * side), 42, 9, 8, -0.16, onSkin); // under the jaw
    pen.shade(across(10.5 * side), 27, 7, 5.5, 0.09, onSkin); // cheekbone
    pen.shade(MIDLINE + 8.8 * side * identity.eyes.spread, 16.8, 6.5, 4.8, -0.2, onSkin); // eye socket
  }
  pen.shade(MIDLINE, 4, 15, 9, 0.08, onSkin);
  pen.shade(MIDLINE, shape[17] - 3.5, 5, 4, 0.08, onSkin);

  if (!hair.bald) drawHair(pen, identity, curve);
}

const NECK: readonly Point[] = [
  [11, 58],
  [10.5, 48],
  [11, 38],
];

const SHOULDERS: readonly Point[] = [
  [40, 75],
  [33, 60],
  [22, 54],
  [11, 51.5],
  [7, 55],
];

const SKULL: readonly Point[] = [
  [20.4, 8],
  [17.5, -1],
  [11, -6.5],
  [3, -8.5],
];

const longHair = (end: number): readonly Point[] => [
  [13, end + 1],
  [22, end],
  [25, end - 10],
  [25.5, 20],
  [24, 4],
  [15, -10],
];

const hairOutside = (end: number): readonly Point[] => [
  [22.3, end],
  [23.6, 8],
  [19.5, -5],
  [11, -11],
  [3, -12.7],
];

/** Goes up the right side and down the left. */
function arch(half: readonly Point[]): Point[] {
  return [...half, ...half.toReversed().map(([outward, y]): Point => [-outward, y])];
}

function drawHair(pen: Pen, { hair }: Identity, curve: (points: readonly Point[]) => Path): void {
  const line = 1.5 - hair.line;
  const end = hair.length > 0.3 ? 27 : 18;
  const inside: readonly Point[] = [
    [20.3, end - 3],
    [19, 9 - 0.7 * hair.line],
    [14, line + 1],
  ];
  const mirrored = inside.map(([outward, y]): Point => [-outward, y]);
  const outside = arch(hairOutside(end));
  const rim = [
    ...outside,
    ...mirrored,
    [hair.parting, line - 2.5] as const,
    ...inside.toReversed(),
    outside[0],
  ];
  pen.fill(smooth(curve(rim)), hair.grey);
  pen.shade(curve([[hair.parting / 2 - 5, 0]])[0], -6, 11, 4.5, 0.4 * (1 - hair.grey));
  for (let strand = -3; strand <= 3; strand++) {
    const root = hair.parting + 1.4 * strand;
    const tip = 6.6 * strand;
    const path: Point[] = [
      [root, line - 2.5],
      [(root + tip) / 2 + 0.8 * strand, line - 7.5],
      [tip, strand * strand - 11],
    ];
    const grey = hair.grey * (strand % 2 === 0 ? 0.7 : 1.3);
    pen.stroke(smooth(curve(path)), { width: 1.1, ends: 0.4, grey, opacity: 0.4 });
  }
}
