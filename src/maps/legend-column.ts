import { INK } from '../charts/colors.ts';
import { cornersOf, type Surface } from '../charts/surface.ts';
import { type TextStyle, wrapText } from '../charts/text.ts';
import { drawBadge, drawCross } from './marks.ts';

/** Width of a legend; all lengths in this file are units. */
export const LEGEND_WIDTH = 27;
const TITLE_SIZE = 1.9;
const TEXT_SIZE = 1.35;
const LINE = 2;
const BAR = { width: 2.4, height: 20 };
/** Stands for the face below the transparent colours of a bar. */
const FACE_GREY = '#8a8a8a';

/** Writes lines below one another; without a surface it only measures their height. */
export class Column {
  readonly #surface: Surface | undefined;
  readonly #x: number;
  readonly #top: number;
  /** Baseline of the next line. */
  y: number;

  constructor(surface: Surface | undefined, x: number, y: number) {
    this.#surface = surface;
    this.#x = x;
    this.#top = y;
    this.y = y + TITLE_SIZE * 0.8;
  }

  /** The height of what is written, units. */
  get height(): number {
    return this.y - LINE - this.#top;
  }

  title(text: string): void {
    this.#wrapped(text, { size: TITLE_SIZE, color: INK, bold: true }, 1.2 * LINE);
    this.space(0.2);
  }

  paragraph(text: string, color: string): void {
    this.#wrapped(text, { size: TEXT_SIZE, color }, LINE);
  }

  line(text: string, color: string, indent: number): void {
    this.#surface?.text(text, this.#x + indent, this.y, { size: TEXT_SIZE, color });
    this.space(LINE);
  }

  badge(text: string, color: string): void {
    if (this.#surface !== undefined) drawBadge(this.#surface, text, color, this.#x, this.y - 1.6, 1);
  }

  cross(): void {
    if (this.#surface !== undefined) drawCross(this.#surface, this.#x + 1.1, this.y - 0.5, 1);
  }

  ruler(length: number): void {
    const [left, right, top, bottom] = [this.#x, this.#x + length, this.y - 1.1, this.y - 0.5];
    const points = [
      [left, top],
      [left, bottom],
      [right, bottom],
      [right, top],
    ] as const;
    this.#surface?.shape(points, { stroke: INK, lineWidth: 0.2 }, 'open');
  }

  /** Draws a colour scale with ticks at parts of its height, from below. */
  bar(tintAt: Parameters<Surface['gradient']>[1], ticks: readonly { part: number; label: string }[]): void {
    const box = { x: this.#x, y: this.y - 0.5 * LINE, ...BAR };
    this.#surface?.shape(cornersOf(box), { fill: FACE_GREY });
    this.#surface?.gradient(box, tintAt);
    for (const { part, label } of ticks) {
      const y = box.y + (1 - part) * box.height;
      const tick = { x: box.x + box.width, y: y - 0.08, width: 0.6, height: 0.16 };
      this.#surface?.shape(cornersOf(tick), { fill: INK });
      this.#surface?.text(label, box.x + box.width + 1.2, y + 0.48, { size: TEXT_SIZE, color: INK });
    }
    this.space(BAR.height + 2 * LINE);
  }

  gap(): void {
    this.space(LINE * 0.6);
  }

  space(length: number): void {
    this.y += length;
  }

  #wrapped(text: string, style: TextStyle, spacing: number): void {
    for (const line of wrapText(text, LEGEND_WIDTH, style)) {
      this.#surface?.text(line, this.#x, this.y, style);
      this.space(spacing);
    }
  }
}
