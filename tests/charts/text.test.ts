import { createCanvas } from 'canvas';
import { describe, expect, test } from 'vitest';
import { strokedWidth } from '../../src/charts/stroke-font.ts';
import { drawStrokes, drawText, textWidth, wrapText } from '../../src/charts/text.ts';

const style = { size: 20, color: '#000000' } as const;

function paper() {
  const context = createCanvas(300, 60).getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, 300, 60);
  /** Columns that hold ink, the first and the last. */
  const inked = () => {
    const { data } = context.getImageData(0, 0, 300, 60);
    const columns = Array.from({ length: 300 }, (_, x) => x).filter((x) =>
      Array.from({ length: 60 }, (_, y) => data[4 * (y * 300 + x)]).some((level) => level < 128),
    );
    return [columns[0], columns.at(-1)];
  };
  return { context, inked };
}

test('text is drawn as wide as it says, wherever it is aligned', () => {
  for (const align of ['left', 'right', 'center'] as const) {
    const { context, inked } = paper();
    const text = 'HHHHH';
    drawText(context, text, 150, 40, { ...style, align });
    const [first = 0, last = 0] = inked();
    const width = textWidth(context, text, style);
    expect(width).toBeGreaterThan(40);
    expect(last - first).toBeLessThanOrEqual(width + 2);
    expect(last - first).toBeGreaterThan(width - 8);
    const shift = { left: 0, right: width, center: width / 2 }[align];
    expect(Math.abs(first - (150 - shift))).toBeLessThan(6);
  }
});

describe('without fonts', () => {
  test('text is drawn in strokes', () => {
    const { context, inked } = paper();
    drawStrokes(context, 'HIM', 30, 40, style);
    const [first = 0, last = 0] = inked();
    expect(first).toBeGreaterThanOrEqual(28);
    expect(first).toBeLessThanOrEqual(31);
    expect(Math.abs(last - 30 - strokedWidth('HIM', 20))).toBeLessThan(3);
  });

  test('dots are drawn', () => {
    const { context, inked } = paper();
    drawStrokes(context, '.', 30, 40, { ...style, bold: true });
    expect(inked()[0]).toBeGreaterThanOrEqual(27);
  });
});

test('wrapped lines fit, keep every word, and break single words never', () => {
  const { context } = paper();
  const text = 'Share of the networks that read a pixel, weighted by rank, incomprehensibilities included.';
  const lines = wrapText(context, text, 130, style);
  expect(lines.join(' ')).toBe(text);
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) {
    if (line.includes(' ')) expect(textWidth(context, line, style)).toBeLessThanOrEqual(130);
  }
});
