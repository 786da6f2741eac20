import { createCanvas, loadImage } from 'canvas';
import { describe, expect, test } from 'vitest';
import { diverging, magma } from '../../src/charts/colors.ts';
import { EvopatchError } from '../../src/core/errors.ts';
import { FACE_FRAME } from '../../src/landmarks/frame-geometry.ts';
import { classSheet } from '../../src/maps/class-sheet.ts';
import {
  contrastLevels,
  magnitudeCells,
  overlayCells,
  signedCells,
  topOf,
} from '../../src/maps/saliency-cells.ts';
import { type ShownMap, saliencyPicture } from '../../src/maps/saliency-picture.ts';

const SIZE = FACE_FRAME.size;
const PIXELS = SIZE * SIZE;
const grid = (value: (pixel: number) => number) => ({
  size: SIZE,
  values: Float64Array.from({ length: PIXELS }, (_, pixel) => value(pixel)),
});
const colorOf = (image: { pixels: Uint8ClampedArray }, pixel: number) => [
  ...image.pixels.subarray(4 * pixel, 4 * pixel + 4),
];

describe('colours', () => {
  const signs = grid((pixel) => (pixel % 3) - 1);

  test('show sign, size and unread pixels', () => {
    const read = Uint8Array.from({ length: PIXELS }, (_, pixel) => (pixel < 6 ? 1 : 0));
    expect([0, 1, 2].map((pixel) => colorOf(signedCells(signs, 1, read), pixel))).toEqual(
      [-1, 0, 1].map((value) => [...diverging(value), 255]),
    );
    expect([0, 1, 2].map((pixel) => colorOf(magnitudeCells(signs, 2, read), pixel))).toEqual(
      [0.5, 0, 0.5].map((value) => [...magma(value), 255]),
    );
    const unread = colorOf(magnitudeCells(signs, 1, read), 6);
    expect(unread).toEqual(colorOf(signedCells(signs, 1, read), 7));
    const [none, full, faded] = [1, 0, 6].map((pixel) => colorOf(overlayCells(signs, 1, read), pixel)[3]);
    expect(none).toBe(0);
    expect(full).toBeGreaterThan(faded);
  });

  test('end at the 99th percentile of the values', () => {
    expect(topOf([grid((pixel) => (pixel < 3000 ? 0 : pixel === 4000 ? 1e6 : -(pixel % 100)))])).toBe(99);
    expect(topOf([grid(() => 0)])).toBe(1);
  });

  test('of Arriaga are a tenth of a deviation around mid-grey', () => {
    const levels = contrastLevels(
      grid((pixel) => (pixel % 2 === 0 ? 7 : 11)),
      undefined,
    );
    expect([levels[0], levels[1]]).toEqual([102, 153]); // 255 · (0.5 ∓ 0.1)
    const outlier = contrastLevels(
      grid((pixel) => (pixel === 9 ? 1 : 0)),
      undefined,
    );
    expect(outlier[9]).toBe(255);
    expect(
      new Set(
        contrastLevels(
          grid(() => 3),
          undefined,
        ),
      ).size,
    ).toBe(1);
  });
});

const face = Uint8Array.from({ length: PIXELS }, (_, pixel) => pixel % 256);
const maps: ShownMap[] = [
  { name: 'gradient', grid: grid((pixel) => (pixel % 5) - 2), unit: 'logits', shown: 'signed' },
  { name: 'guided', grid: grid((pixel) => pixel % 7), unit: 'logits', shown: 'contrast' },
  { name: 'cam <b>', grid: grid((pixel) => pixel), unit: 'logits', shown: 'magnitude' },
];
const content = { title: 'Why ‘happy’', notes: ['One note.'], frame: FACE_FRAME, face, maps };

async function pixelsOf(png: Uint8Array) {
  const image = await loadImage(Buffer.from(png));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return {
    width: image.width,
    height: image.height,
    at: (x: number, y: number) => context.getImageData(x, y, 1, 1).data,
  };
}

describe('a picture of one face', () => {
  test('has a column for the face and for each map, at any scale', async () => {
    const picture = saliencyPicture(content);
    const small = await pixelsOf(picture.toPng(2));
    const large = await pixelsOf(picture.toPng(4));
    expect(small.width).toBe(2 * (2 * 3 + 4 * 48 + 3 * 3));
    expect([large.width, large.height]).toEqual([2 * small.width, 2 * small.height]);
    // In the middle of a frame pixel of the third map: the face square begins 8 pixels from the frame's edges.
    const [column, row] = [20, 30];
    const x = 4 * (3 + 3 * (48 + 3) + column - 8) + 2;
    const y = 4 * (3 + 9 + row - 8) + 2;
    const value = row * SIZE + column;
    expect([...large.at(x, y)].slice(0, 3)).toEqual([...magma(value / topOf([maps[2].grid]))]);
    expect(Buffer.from(picture.toPng(4)).equals(Buffer.from(saliencyPicture(content).toPng(4)))).toBe(true);
  });

  test('has its text in the SVG, escaped', () => {
    const svg = saliencyPicture(content).toSvg();
    const words = ['Why ‘happy’', 'cam &#60;b&#62;', '&#60; −2', 'logits, absolute'];
    expect(words.filter((word) => !svg.includes(word))).toEqual([]);
    expect(svg.includes('<b>')).toBe(false);
  });

  test('refuses an impossible scale', () => {
    for (const scale of [1, 33, 4.5]) {
      expect(() => saliencyPicture(content).toPng(scale)).toThrow(EvopatchError);
    }
  });
});

test('a sheet has a row for each method, and one scale per row', async () => {
  const columns = [
    { name: 'happy', note: '3 faces', face },
    { name: 'sad', note: '2 faces' },
  ];
  const row = { name: 'gradient', unit: 'logits', grids: [grid(() => 1), grid(() => 0.25)] };
  const { title, notes, frame } = content;
  const one = await pixelsOf(classSheet({ title, notes, frame, columns, rows: [row] }).toPng(4));
  const two = await pixelsOf(classSheet({ title, notes, frame, columns, rows: [row, row] }).toPng(4));
  expect(two.width).toBe(one.width);
  expect(two.height - one.height).toBeGreaterThan(4 * 48);
  const svg = classSheet({ title, notes, frame, columns, rows: [row] }).toSvg();
  const words = ['happy', '3 faces', 'sad', 'gradient', '&#62; 1'];
  expect(words.filter((word) => !svg.includes(word))).toEqual([]);
});

test('a sheet has at most four faces side by side, and legible letters', async () => {
  const { title, frame } = content;
  const sheetOf = (count: number) => {
    const columns = Array.from({ length: count }, (_, index) => ({
      name: `class ${index}`,
      note: '9 faces',
    }));
    const grids = columns.map(() => grid(() => 1));
    return classSheet({
      title,
      notes: ['Short.'],
      frame,
      columns,
      rows: [{ name: 'gradient', unit: 'score', grids }],
    });
  };
  const [four, seven, one] = [sheetOf(4), sheetOf(7), sheetOf(1)];
  const [wide, wrapped] = [await pixelsOf(four.toPng(4)), await pixelsOf(seven.toPng(4))];
  expect(wide.width).toBe(4 * (2 * 3 + 4 * 48 + 3 * 3));
  expect(wrapped.width).toBe(wide.width);
  expect(wrapped.height).toBeGreaterThan(wide.height + 4 * 48);
  expect((await pixelsOf(one.toPng(4))).width).toBeLessThan(wide.width);
  const sizes = [...seven.toSvg(4).matchAll(/font-size="([\d.]+)"/g)].map(([, size]) => Number(size));
  expect(sizes.length).toBeGreaterThan(10);
  const unitsWide = 2 * 3 + 4 * 48 + 3 * 3;
  for (const size of sizes) expect((size * 830) / unitsWide).toBeGreaterThanOrEqual(12); // pixels in 830
});
