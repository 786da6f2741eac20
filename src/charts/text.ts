import type { SKRSContext2D } from 'canvas';
import { loadCanvas } from '../core/packages.ts';
import { canvasFontFamilies } from './fonts.ts';

/** Says how to draw a text. */
export interface TextStyle {
  /** Font size, pixels. */
  readonly size: number;
  readonly color: string;
  readonly bold?: boolean;
  readonly align?: 'left' | 'center' | 'right';
}

/** Writes a line of text with its baseline at y. */
export function drawText(context: SKRSContext2D, text: string, x: number, y: number, style: TextStyle): void {
  context.save();
  context.font = fontOf(style);
  context.fillStyle = style.color;
  context.textAlign = style.align ?? 'left';
  context.fillText(text, x, y);
  context.restore();
}

let measuring: SKRSContext2D | undefined;

/** Measures a line of text as `drawText` draws it, in the unit of its size. */
export function textWidth(text: string, style: Pick<TextStyle, 'size' | 'bold'>): number {
  measuring ??= loadCanvas().createCanvas(1, 1).getContext('2d');
  measuring.font = fontOf(style);
  return measuring.measureText(text).width;
}

/** Breaks a text into lines no wider than `width`, except single words that are wider. */
export function wrapText(text: string, width: number, style: Pick<TextStyle, 'size' | 'bold'>): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, style) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function fontOf({ size, bold = false }: Pick<TextStyle, 'size' | 'bold'>): string {
  return `${bold ? 600 : 400} ${size}px ${canvasFontFamilies()}`;
}
