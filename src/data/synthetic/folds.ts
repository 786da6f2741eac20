import type { Activation } from './action-units.ts';
import { type Path, smooth } from './drawing.ts';
import { along, type FaceShape, MIDLINE, y } from './face-shape.ts';
import type { Identity } from './identity.ts';
import type { Pen } from './pen.ts';

const HALVES = [
  { side: -1, wing: 31, corner: 48, lidOuter: 36, lid: 41, brow: 21 },
  { side: 1, wing: 35, corner: 54, lidOuter: 45, lid: 46, brow: 22 },
];

/** Draws wrinkles and bulges. Each grows with the units that raise it, and most stay a little with age. */
export function drawFolds(pen: Pen, shape: FaceShape, { skin, age }: Identity, activation: Activation): void {
  const { AU4 = 0, AU6 = 0, AU9 = 0, AU10 = 0, AU12 = 0, AU15 = 0, AU17 = 0 } = activation;
  const draw = (path: Path, width: number, opacity: number) =>
    pen.stroke(path, { width, ends: 0.4, grey: 0.45 * skin, opacity });
  for (const { side, wing, corner, lidOuter, lid, brow } of HALVES) {
    const [wingX, wingY] = along(shape, [wing]);
    const [cornerX, cornerY] = along(shape, [corner]);
    const bendX = (wingX + cornerX) / 2 + 2.6 * side;
    const bendY = (wingY + cornerY) / 2 - 0.6;
    const nasolabial = [wingX + 1.3 * side, wingY - 1.2, bendX, bendY, cornerX + 1.9 * side, cornerY - 0.4];
    draw(smooth(nasolabial), 1, 0.12 + 0.2 * age + 0.5 * Math.min(1, Math.max(0.9 * AU12, AU9, AU10)));
    const mouthCorner = [cornerX + 0.6 * side, cornerY, cornerX + 1.3 * side, cornerY + 2.4];
    draw(mouthCorner, 0.9, 0.1 * age + 0.5 * AU15);

    const [lidX, lidY] = along(shape, [lid]);
    const underEye = [
      lidX + 2.5 * side,
      lidY + 1,
      lidX - 0.8 * side,
      lidY + 1.9,
      lidX - 4 * side,
      lidY + 1.4,
    ];
    draw(smooth(underEye), 0.9, 0.12 + 0.15 * age + 0.4 * AU6);
    pen.shade(MIDLINE + 10.5 * side, 26.5, 5, 4, 0.1 * AU6);
    const [footX, footY] = along(shape, [lidOuter]);
    for (const slope of [-0.5, 0.15, 0.8]) {
      const crowsFoot = [footX + 0.8 * side, footY + slope, footX + 3.8 * side, footY + 3 * slope];
      draw(crowsFoot, 0.6, 0.1 * age + 0.4 * AU6);
    }

    const [browX, browY] = along(shape, [brow]);
    const frownX = MIDLINE + 0.32 * (browX - MIDLINE);
    draw([frownX, browY - 1, frownX - 0.2 * side, browY + 3], 0.8, 0.1 * age + 0.55 * AU4);
    draw([MIDLINE, 20.5, MIDLINE + 2.6 * side, 19.2], 0.8, 0.6 * AU9);
    draw([MIDLINE, 22.6, MIDLINE + 3.4 * side, 21.3], 0.8, 0.6 * AU9);
  }
  pen.shade(MIDLINE, y(shape, 57) + 4, 4.5, 2.6, -0.3 * AU17);
}
