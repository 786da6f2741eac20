import type { Conditions } from './conditions.ts';
import { type Canvas, ellipse, smooth } from './drawing.ts';
import type { FaceShape } from './face-shape.ts';
import type { Identity } from './identity.ts';
import type { Pen } from './pen.ts';

/** The wall behind: a run from one grey to another, left to right. */
export function drawBackground({ size, values }: Canvas, { left, right }: Conditions['background']): void {
  for (let i = 0; i < values.length; i++) values[i] = left + ((right - left) * (i % size)) / (size - 1);
}

/** Neck, shoulders, ears, the head with its broad shadows, and hair; no feature yet. */
export function drawHead(pen: Pen, shape: FaceShape, identity: Identity, clothing: number): void {
  const { skin, hair } = identity;
  const wide = identity.face.width;
  const across = (x: number) => 24 + x * wide;
  const both = (half: readonly (readonly [number, number])[]) => [
    ...half.flatMap(([x, y]) => [across(-x), y]),
    ...half.toReversed().flatMap(([x, y]) => [across(x), y]),
  ];

  if (hair.length > 0.3) {
    const end = 26 + 34 * hair.length;
    pen.fill(
      both([
        [13, end + 1],
        [22, end],
        [25, end - 10],
        [25.5, 20],
        [24, 4],
        [15, -10],
      ]),
      hair.grey * 0.85,
    );
  }
  pen.fill(
    both([
      [11, 58],
      [10.5, 48],
      [11, 38],
    ]),
    skin * 0.72,
  );
  pen.fill(
    both([
      [40, 75],
      [33, 60],
      [22, 54],
      [11, 51.5],
      [7, 55],
    ]),
    clothing,
  );
  for (const side of [-1, 1]) {
    pen.fill(ellipse(across(21 * side), 21.5, 2.6, 5), skin * 0.9);
    pen.shade(across(21.4 * side), 21.5, 1.8, 3.5, -0.25);
  }

  const jaw = [...shape.subarray(0, 34)];
  const top = hair.bald ? -9.5 : -8.5;
  const skull = [20.4, 8, 17.5, -1, 11, -6.5, 0, top].flatMap((v, i) => (i % 2 === 0 ? [across(v)] : [v]));
  const otherSide = [-11, -6.5, -17.5, -1, -20.4, 8].flatMap((v, i) => (i % 2 === 0 ? [across(v)] : [v]));
  const head = smooth([...jaw, ...skull, ...otherSide, jaw[0], jaw[1]]);
  const skinOnly = pen.mask(head);
  pen.fill(head, skin);

  for (const side of [-1, 1]) {
    pen.shade(across(20 * side), 26, 9, 26, -0.3, skinOnly);
    pen.shade(across(13.5 * side), 42, 9, 8, -0.16, skinOnly);
    pen.shade(across(10.5 * side), 27, 7, 5.5, 0.09, skinOnly);
    pen.shade(24 + 8.8 * side * identity.eyes.spread, 16.8, 6.5, 4.8, -0.2, skinOnly);
  }
  pen.shade(24, 4, 15, 9, 0.08, skinOnly);
  pen.shade(24, shape[17] - 3.5, 5, 4, 0.08, skinOnly);

  if (!hair.bald) drawHair(pen, identity, across);
}

function drawHair(pen: Pen, { hair }: Identity, across: (x: number) => number): void {
  const line = 1.5 - hair.line;
  const temple = 6 - hair.line * 0.7;
  const sides = hair.length > 0.3 ? 27 : 18;
  const outside = [
    22.3,
    sides,
    23.6,
    8,
    19.5,
    -5,
    11,
    -11,
    0,
    -12.8,
    -11,
    -11,
    -19.5,
    -5,
    -23.6,
    8,
    -22.3,
    sides,
  ];
  const inside = [
    -20.3,
    sides - 3,
    -19,
    temple + 3,
    -14,
    line + 1,
    hair.parting,
    line - 2.5,
    14,
    line + 1,
    19,
  ];
  const rim = [...outside, ...inside, temple + 3, 20.3, sides - 3, 22.3, sides];
  pen.fill(smooth(rim.map((v, i) => (i % 2 === 0 ? across(v) : v))), hair.grey);
  pen.shade(across(hair.parting / 2 - 5), -6, 11, 4.5, 0.4 * (1 - hair.grey));
  for (let strand = -3; strand <= 3; strand++) {
    const root = hair.parting + 1.4 * strand;
    const path = [
      root,
      line - 2.5,
      (root + 6.2 * strand) / 2 + strand,
      line - 7.5,
      6.6 * strand,
      -11 + strand * strand,
    ];
    pen.stroke(
      smooth(path.map((v, i) => (i % 2 === 0 ? across(v) : v))),
      1.1,
      0.4,
      hair.grey * (strand % 2 === 0 ? 0.7 : 1.3),
      0.4,
    );
  }
}
