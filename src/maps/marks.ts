import { type Color, hexOf, INK, magma, viridis } from '../charts/colors.ts';
import type { Surface, Tint } from '../charts/surface.ts';
import type { MapColors } from './content.ts';

export const COLOR_SCALES: Readonly<Record<MapColors, (share: number) => Color>> = { viridis, magma };

/** Returns the opacity of a value, given as a share of the largest: small values hide less of the face. */
export function heatOpacity(share: number): number {
  return 0.12 + 0.53 * share;
}

/** Returns the colour of a value, given as a share of the largest. */
export function heatTint(share: number, colors: MapColors): Tint {
  return { color: hexOf(COLOR_SCALES[colors](share)), opacity: heatOpacity(share) };
}

/** Colours the outline of a patch by its share of the largest weight; the light end of a scale would vanish on white. */
export function outlineColor(share: number, colors: MapColors): string {
  return hexOf(COLOR_SCALES[colors](0.82 * (1 - share)));
}

/** Marks the nose. @param unit length of a frame pixel */
export function drawCross(surface: Surface, x: number, y: number, unit: number): void {
  for (const [stroke, width, arm] of [
    ['#ffffff', 0.55, 1.35],
    [INK, 0.22, 1.2],
  ] as const) {
    const paint = { stroke, lineWidth: width * unit };
    const left = x - arm * unit;
    const right = x + arm * unit;
    surface.shape(
      [
        [left, y],
        [right, y],
      ],
      paint,
      'open',
    );
    surface.shape(
      [
        [x, y - arm * unit],
        [x, y + arm * unit],
      ],
      paint,
      'open',
    );
  }
}

/** Side of a badge, frame pixels. */
export const BADGE = 2.2;

/** Draws a number on a square of the patch's colour, with its upper left corner at x, y. */
export function drawBadge(
  surface: Surface,
  text: string,
  color: string,
  x: number,
  y: number,
  unit: number,
): void {
  const side = BADGE * unit;
  surface.shape(
    [
      [x, y],
      [x + side, y],
      [x + side, y + side],
      [x, y + side],
    ],
    { fill: color },
  );
  const style = { size: 1.5 * unit, color: '#ffffff', bold: true, align: 'center' } as const;
  surface.text(text, x + side / 2, y + side / 2 + 0.54 * unit, style);
}
