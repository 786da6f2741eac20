import { createCanvas } from 'canvas';
import { expect, test } from 'vitest';
import { drawText, textWidth, wrapText } from '../../src/charts/text.ts';

const style = { size: 20, color: '#000000' } as const;
/** Scripts that class names may be in, beside all that evopatch writes itself. */
const TEXTS = ['HHHHH 64.9 %, −3×4 ± 2 · “a” … – <>', 'Überraschung, złość', 'Χαρά', 'Радость', 'Ngạc nhiên'];

function paper() {
  const context = createCanvas(800, 60).getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, 800, 60);
  /** Columns that hold ink, the first and the last. */
  const inked = () => {
    const { data } = context.getImageData(0, 0, 800, 60);
    const columns = Array.from({ length: 800 }, (_, x) => x).filter((x) =>
      Array.from({ length: 60 }, (_, y) => data[4 * (y * 800 + x)]).some((level) => level < 128),
    );
    return [columns[0], columns.at(-1)];
  };
  return { context, inked };
}

test.each(TEXTS)('"%s" is drawn as wide as measured, in every alignment', (text) => {
  for (const align of ['left', 'right', 'center'] as const) {
    const { context, inked } = paper();
    drawText(context, text, 400, 40, { ...style, align });
    const [first = 0, last = 0] = inked();
    const width = textWidth(text, style);
    const left = 400 - { left: 0, right: width, center: width / 2 }[align];
    expect(Math.abs(first - left)).toBeLessThan(5);
    expect(Math.abs(last - (left + width))).toBeLessThan(5);
  }
});

test('text has the same width on every machine', () => {
  const widths = TEXTS.map((text) => textWidth(text, style).toFixed(1));
  expect(widths).toEqual(['363.6', '196.4', '51.9', '80.2', '107.6']);
  expect(textWidth('Happy', { size: 11, bold: true })).toBeGreaterThan(textWidth('Happy', { size: 11 }));
  expect(textWidth('Happy', { size: 0.5 }) / 0.5).toBeCloseTo(textWidth('Happy', { size: 50 }) / 50, 2);
});

test('wrapped lines fit, keep every word, and never break a word', () => {
  const text = 'Share of the networks that read a pixel, weighted by rank, incomprehensibilities included.';
  const lines = wrapText(text, 130, style);
  expect(lines.join(' ')).toBe(text);
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) {
    if (line.includes(' ')) expect(textWidth(line, style)).toBeLessThanOrEqual(130);
  }
});
