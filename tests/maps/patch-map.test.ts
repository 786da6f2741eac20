import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { viridis } from '../../src/charts/colors.ts';
import { patchMap } from '../../src/maps/patch-map.ts';
import { BESIDE_NOSE, EYES_AND_MOUTH, FRAME } from './faces.ts';

const face = new Uint8Array(FRAME.size ** 2).fill(100);

/** Reads a PNG back with another decoder than drew it. */
async function decode(png: Uint8Array) {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const colorAt = (x: number, y: number) =>
    Array.from(data.subarray(3 * (y * info.width + x)).subarray(0, 3));
  /** Colour at a point of the face, in frame pixels from the nose. */
  const fromNose = (dx: number, dy: number, scale: number) => {
    const column = 2 + FRAME.noseX - FRAME.border + dx;
    const row = 2 + FRAME.noseY - FRAME.border + dy;
    return colorAt(Math.floor(column * scale), Math.floor(row * scale));
  };
  return { ...info, colorAt, fromNose };
}

describe('the picture of one genome', () => {
  test('has the size of the scale', async () => {
    for (const scale of [4, 10]) {
      const { width, height, format } = await sharp(
        patchMap({ genomes: [BESIDE_NOSE], frame: FRAME, face }).toPng({ scale }),
      ).metadata();
      expect({ width, height, format }).toEqual({ width: 81 * scale, height: 52 * scale, format: 'png' });
    }
  });

  test('fades unread pixels, tints read ones, and frames each patch', async () => {
    const { fromNose } = await decode(patchMap({ genomes: [BESIDE_NOSE], frame: FRAME, face }).toPng());
    const [inside] = fromNose(6.5, 6.5, 10);
    const [red, green, blue] = fromNose(-10.5, 0.5, 10);
    expect(new Set([red, green, blue]).size).toBe(1); // grey
    expect(red).toBeGreaterThan(inside + 50);
    expect(fromNose(9.8, 5.5, 10)).toEqual([0xe6, 0x9f, 0x00]); // the frame's right side
    expect(fromNose(10.2, 5.5, 10)).toEqual([red, green, blue]); // just outside
  });

  test('draws both halves of a pair in one colour and other patches in others', async () => {
    const { fromNose } = await decode(patchMap({ genomes: [EYES_AND_MOUTH], frame: FRAME, face }).toPng());
    const left = fromNose(-22.8, -15, 10);
    expect(fromNose(22.8, -15, 10)).toEqual(left);
    expect(fromNose(13.8, 12, 10)).not.toEqual(left);
  });

  test('marks the nose', async () => {
    const { fromNose } = await decode(patchMap({ genomes: [EYES_AND_MOUTH], frame: FRAME, face }).toPng());
    expect(Math.max(...fromNose(0, 0, 10))).toBeLessThan(40);
    expect(Math.max(...fromNose(0.9, 0, 10))).toBeLessThan(40);
    expect(Math.min(...fromNose(0.9, 0.9, 10))).toBeGreaterThan(150);
  });

  test('explains itself in its legend', async () => {
    const { colorAt } = await decode(patchMap({ genomes: [EYES_AND_MOUTH], frame: FRAME, face }).toPng());
    let ink = 0;
    for (let y = 0; y < 520; y++) for (let x = 520; x < 810; x++) if (colorAt(x, y)[0] < 128) ink++;
    expect(ink).toBeGreaterThan(2000);
    const svg = patchMap({ genomes: [EYES_AND_MOUTH], frame: FRAME }).toSvg();
    expect(svg.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')).toContain(
      'Reads forehead, brows, eyes; mouth, chin; forehead, inner brows.',
    );
  });

  test('draws a face of lines if there is no mean face', async () => {
    const { fromNose } = await decode(patchMap({ genomes: [BESIDE_NOSE], frame: FRAME }).toPng());
    const empty = fromNose(-15.5, 5.5, 10);
    expect(fromNose(0, -8, 10)[0]).toBeLessThan(empty[0] - 20); // the bridge of the nose
  });

  test('is the same each time', () => {
    const map = patchMap({ genomes: [EYES_AND_MOUTH], frame: FRAME, face });
    expect(map.toPng()).toEqual(patchMap({ genomes: [EYES_AND_MOUTH], frame: FRAME, face }).toPng());
    expect(map.toPng()).not.toEqual(patchMap({ genomes: [BESIDE_NOSE], frame: FRAME, face }).toPng());
  });
});

describe('the picture of several genomes', () => {
  test('is hotter where the weighted share is larger', async () => {
    const map = patchMap({ genomes: [EYES_AND_MOUTH, BESIDE_NOSE], weights: [1, 3], frame: FRAME, face });
    const { fromNose } = await decode(map.toPng());
    const [hottest, hot, warm, cold] = [
      fromNose(2.5, 5.5, 10),
      fromNose(6.5, 1.5, 10),
      fromNose(-8.5, 12.5, 10),
      fromNose(-20.5, 0.5, 10),
    ];
    const yellow = ([red, green, blue]: number[]) => red + green - 2 * blue;
    expect(yellow(hottest)).toBeGreaterThan(yellow(hot));
    expect(yellow(hot)).toBeGreaterThan(yellow(warm));
    expect(new Set(cold).size).toBe(1); // nobody looks here: grey
    // A face without contrast is drawn at level 20; the largest share covers it to 65 %.
    const expected = viridis(1).map((level) => 0.35 * 20 + 0.65 * level);
    for (const channel of [0, 1, 2]) expect(Math.abs(hottest[channel] - expected[channel])).toBeLessThan(3);
  });
});

describe('the numbers', () => {
  test('of one genome are its patches and the count at each pixel', () => {
    const json = patchMap({ genomes: [EYES_AND_MOUTH], frame: FRAME, face }).toJson();
    expect(json).toMatchObject({ format: 1, frame: FRAME, grid: { unit: 'patches' } });
    expect(json.genomes).toHaveLength(1);
    expect(json.genomes[0].patches[0]).toEqual({
      ...EYES_AND_MOUTH.patches[0],
      rectangles: [
        { x: 9, y: 10, width: 20, height: 16 },
        { x: 35, y: 10, width: 20, height: 16 },
      ],
    });
    expect(json.genomes[0].summary).toMatch(/^3 patches: 20×16 pair at \(-13, -19\)/);
    expect(json.grid.rows).toHaveLength(64);
    expect(json.grid.rows[20].slice(24, 36)).toEqual([2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 2]);
    expect(json.face?.[5]).toEqual(Array(64).fill(100));
  });

  test('of several are weights and shares', () => {
    const json = patchMap({ genomes: [EYES_AND_MOUTH, BESIDE_NOSE], weights: [1, 2], frame: FRAME }).toJson();
    expect(json.genomes.map(({ weight }) => weight)).toEqual([1, 2]);
    expect(json.grid.unit).toBe('share of networks');
    expect(json.grid.rows[FRAME.noseY + 2][FRAME.noseX + 2]).toBe(0.6667);
    expect(json).not.toHaveProperty('face');
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('hold picture and numbers, in folders that are made if missing', async () => {
    const map = patchMap({ genomes: [BESIDE_NOSE], frame: FRAME });
    await map.savePng(join(folder, 'maps', 'best.png'), { scale: 4 });
    await map.saveJson(join(folder, 'maps', 'best.json'));
    expect(await readFile(join(folder, 'maps', 'best.png'))).toEqual(Buffer.from(map.toPng({ scale: 4 })));
    expect(JSON.parse(await readFile(join(folder, 'maps', 'best.json'), 'utf8'))).toEqual(map.toJson());
  });

  test('that cannot be written give an error with their name', async () => {
    const file = join(folder, 'best.png');
    const map = patchMap({ genomes: [BESIDE_NOSE], frame: FRAME });
    await map.savePng(file, { scale: 4 });
    await expect(map.savePng(join(file, 'x.png'), { scale: 4 })).rejects.toMatchObject({
      code: 'FILE_SYSTEM',
    });
    await expect(map.savePng(file, { scale: 3 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

test.each([
  ['genomes', { genomes: [] }],
  ['weights', { weights: [1, 1] }],
  ['weights', { weights: [-1] }],
  ['weights', { weights: [0] }],
  ['weights', { weights: [Number.NaN] }],
  ['face', { face: new Uint8Array(10) }],
])('refuses %s that do not fit', (option, wrong) => {
  expect(() => patchMap({ genomes: [BESIDE_NOSE], frame: FRAME, ...wrong })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', data: expect.objectContaining({ option }) }),
  );
});

test.each([0, 3, 65, 4.5, Number.NaN])('refuses the scale %d', (scale) => {
  expect(() => patchMap({ genomes: [BESIDE_NOSE], frame: FRAME }).toPng({ scale })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION' }),
  );
});
