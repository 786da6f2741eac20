import type { SKRSContext2D } from 'canvas';
import { INK } from '../charts/palette.ts';
import { drawText } from '../charts/text.ts';
import { viridis } from '../charts/viridis.ts';

/** The colour of a share of the largest share; the smaller, the more transparent. */
export function heatColor(share: number): string {
  return `rgba(${viridis(share).join(', ')}, ${0.12 + 0.53 * share})`;
}

/** Marks the nose. */
export function drawCross(context: SKRSContext2D, x: number, y: number, scale: number): void {
  for (const [color, width, arm] of [
    ['#ffffff', 0.55, 1.35],
    [INK, 0.22, 1.2],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width * scale;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(x - arm * scale, y);
    context.lineTo(x + arm * scale, y);
    context.moveTo(x, y - arm * scale);
    context.lineTo(x, y + arm * scale);
    context.stroke();
  }
}

/** Side of a badge, frame pixels. */
export const BADGE = 2.2;

/** A number on a square of the patch's colour, with its upper left corner at x, y. */
export function drawBadge(
  context: SKRSContext2D,
  text: string,
  color: string,
  x: number,
  y: number,
  scale: number,
): void {
  const side = BADGE * scale;
  context.fillStyle = color;
  context.fillRect(x, y, side, side);
  const style = { size: 1.5 * scale, color: '#ffffff', bold: true, align: 'center' } as const;
  drawText(context, text, x + side / 2, y + side / 2 + 0.54 * scale, style);
}
