import type { SKRSContext2D } from 'canvas';
import { strokedWidth, strokesOf } from './stroke-font.ts';

/** How a text looks. */
export interface TextStyle {
  /** Font size, pixels. */
  readonly size: number;
  readonly color: string;
  readonly bold?: boolean;
  readonly align?: 'left' | 'center' | 'right';
}

/**
 * Writes a line of text with its baseline at y, in the system's sans-serif or, where there are no fonts at all, in
 * strokes of our own.
 */
export function drawText(context: SKRSContext2D, text: string, x: number, y: number, style: TextStyle): void {
  const { color, align = 'left' } = style;
  const left = x - textWidth(context, text, style) * { left: 0, center: 0.5, right: 1 }[align];
  context.save();
  if (hasFonts(context)) {
    context.font = fontOf(style);
    context.fillStyle = color;
    context.fillText(text, left, y);
  } else {
    drawStrokes(context, text, left, y, style);
  }
  context.restore();
}

/** Writes without any font. */
export function drawStrokes(
  context: SKRSContext2D,
  text: string,
  x: number,
  y: number,
  { size, color, bold = false }: TextStyle,
): void {
  context.strokeStyle = color;
  context.lineWidth = size * (bold ? 0.15 : 0.09);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.beginPath();
  for (const [[startX, startY], ...rest] of strokesOf(text, x, y, size)) {
    context.moveTo(startX, startY);
    // A line back to its own start would leave nothing of a dot.
    for (const [lineX, lineY] of rest) context.lineTo(lineX + 0.01, lineY);
  }
  context.stroke();
}

export function textWidth(context: SKRSContext2D, text: string, style: TextStyle): number {
  if (!hasFonts(context)) return strokedWidth(text, style.size);
  context.save();
  context.font = fontOf(style);
  const { width } = context.measureText(text);
  context.restore();
  return width;
}

/** The words of a text in lines that are no wider than `width`, but for single words that are. */
export function wrapText(context: SKRSContext2D, text: string, width: number, style: TextStyle): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(context, longer, style) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Without any font a canvas draws no text, and says so only by its width. */
function hasFonts(context: SKRSContext2D): boolean {
  context.save();
  context.font = '10px sans-serif';
  const { width } = context.measureText('x');
  context.restore();
  return width > 0;
}

function fontOf({ size, bold = false }: TextStyle): string {
  return `${bold ? 'bold ' : ''}${size}px sans-serif`;
}
