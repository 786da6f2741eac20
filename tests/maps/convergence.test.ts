import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { convergenceOf } from '../../src/maps/convergence.ts';
import { patchMap } from '../../src/maps/patch-map.ts';
import { BESIDE_NOSE, EYES_AND_MOUTH, FRAME } from './faces.ts';

const generations = [
  { generation: 0, genomes: [BESIDE_NOSE] },
  { generation: 1, genomes: [BESIDE_NOSE, EYES_AND_MOUTH], weights: [1, 3] },
  { generation: 2, genomes: [EYES_AND_MOUTH] },
  { generation: 3, genomes: [EYES_AND_MOUTH, EYES_AND_MOUTH] },
];
const convergence = convergenceOf({ generations, frame: FRAME });
const SMALL = { scale: 4 };

/** The chunks of a PNG: type and content. */
function chunksOf(png: Uint8Array) {
  const bytes = Buffer.from(png);
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    chunks.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      data: bytes.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

describe('convergenceOf', () => {
  test('compares each map with the last one and with the one before', () => {
    expect(convergence.steps.map(({ genomes }) => genomes)).toEqual([1, 2, 1, 2]);
    expect(convergence.steps[1].grid.values).toEqual(
      patchMap({ genomes: generations[1].genomes, weights: [1, 3], frame: FRAME }).grid.values,
    );
    expect(convergence.steps[0].withBefore).toBeNull();
    expect(convergence.steps[3].withLast).toEqual({ spearman: expect.closeTo(1, 12), overlap: 1 });
    expect(convergence.steps[3].withBefore?.overlap).toBe(1);
    const [first, second, third] = convergence.steps.map(({ withLast }) => withLast.overlap);
    expect(first).toBeLessThan(second);
    expect(third).toBe(1);
    expect(convergence.convergedAt).toBe(2);
  });

  test('has one picture of equal size for each generation', async () => {
    const pictures = convergence.toPngs(SMALL);
    expect(pictures).toHaveLength(4);
    const sizes = await Promise.all(pictures.map(async (png) => (await sharp(png).metadata()).height));
    expect(new Set(sizes).size).toBe(1);
  });

  test('as an animation has all pictures and pauses on the last one', () => {
    const chunks = chunksOf(convergence.toApng(SMALL));
    const types = chunks.map(({ type }) => type);
    expect(types.slice(0, 5)).toEqual(['IHDR', 'tEXt', 'acTL', 'fcTL', 'IDAT']);
    expect(types.at(-1)).toBe('IEND');
    const animation = chunks.find(({ type }) => type === 'acTL');
    expect(animation?.data.readUInt32BE(0)).toBe(4);
    expect(animation?.data.readUInt32BE(4)).toBe(0); // for ever
    const controls = chunks.filter(({ type }) => type === 'fcTL').map(({ data }) => data);
    expect(controls).toHaveLength(4);
    const delays = controls.map((data) => data.readUInt16BE(20) / data.readUInt16BE(22));
    expect(delays[3]).toBe(3);
    expect(Math.max(...delays.slice(0, 3))).toBeLessThan(1);
    const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT');
    expect(numbered.map(({ data }) => data.readUInt32BE(0))).toEqual(numbered.map((_, index) => index));

    const lastControl = types.lastIndexOf('fcTL');
    const last = chunks.slice(lastControl + 1, -1).map(({ data }) => data.subarray(4));
    const still = chunksOf(convergence.toPngs(SMALL)[3]).filter(({ type }) => type === 'IDAT');
    expect(Buffer.concat(last)).toEqual(Buffer.concat(still.map(({ data }) => data)));
    const first = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
    const begin = chunksOf(convergence.toPngs(SMALL)[0]).filter(({ type }) => type === 'IDAT');
    expect(Buffer.concat(first)).toEqual(Buffer.concat(begin.map(({ data }) => data)));
    expect(Buffer.concat(first)).not.toEqual(Buffer.concat(last));
  });

  test('as an animation is a PNG for programs without animations', async () => {
    const [animated, first] = await Promise.all(
      [convergence.toApng(SMALL), convergence.toPngs(SMALL)[0]].map((png) => sharp(png).raw().toBuffer()),
    );
    expect(animated.equals(first)).toBe(true);
  });

  test('as a GIF has all pictures and ends on the last one, except its colours', async () => {
    const gif = await convergence.toGif(SMALL);
    const { pages, delay, loop } = await sharp(gif, { animated: true }).metadata();
    expect({ pages, loop }).toEqual({ pages: 4, loop: 0 });
    expect(delay?.at(-1)).toBe(3000);
    const decode = (bytes: Uint8Array, page = 0) => sharp(bytes, { page }).removeAlpha().raw().toBuffer();
    const [last, still] = await Promise.all([decode(gif, 3), decode(convergence.toPngs(SMALL)[3])]);
    const distance =
      last.reduce((sum, level, index) => sum + Math.abs(level - still[index]), 0) / last.length;
    expect(distance).toBeLessThan(4);
  });

  test('as a sheet shows at most eight maps side by side', async () => {
    const { width, height } = await sharp(convergence.toPng({ scale: 4 })).metadata();
    expect(width).toBe(4 * (2 + 4 * 50 + 27 + 2));
    expect(height).toBeLessThan(4 * 2 * 48); // one row
    const many = Array.from({ length: 30 }, (_, generation) => ({ generation, genomes: [BESIDE_NOSE] }));
    const svg = convergenceOf({ generations: many, frame: FRAME }).toSvg();
    const captions = Array.from(svg.matchAll(/>Generation (\d+): 100 % overlap/g), ([, number]) =>
      Number(number),
    );
    expect(captions).toEqual([1, 5, 9, 13, 18, 22, 26, 30]);
    await sharp(Buffer.from(svg)).raw().toBuffer();
    expect(() => convergence.toPng({ overlay: true })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });

  test('writes csv and JSON', () => {
    const [head, ...lines] = convergence.toCsv().trimEnd().split('\n');
    expect(head.split(',').slice(0, 4)).toEqual([
      'generation',
      'genomes',
      'spearmanWithLast',
      'overlapWithLast',
    ]);
    expect(lines).toHaveLength(4);
    expect(Number(lines[1].split(',')[3])).toBe(convergence.steps[1].withLast.overlap);
    const json = convergence.toJson();
    expect(json).toMatchObject({ format: 1, convergedAt: 2 });
    expect(json.generations[1].grid.rows[FRAME.noseY + 2][FRAME.noseX + 2]).toBe(0.25);
  });

  test.each([[[]], [[{ generation: 0, genomes: [] }]]])('refuses %j', (wrong) => {
    expect(() => convergenceOf({ generations: wrong, frame: FRAME })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('have the format that their names end in', async () => {
    await convergence.save(join(folder, 'a.APNG'), SMALL);
    await convergence.save(join(folder, 'a.csv'));
    expect(await readFile(join(folder, 'a.APNG'))).toEqual(Buffer.from(convergence.toApng(SMALL)));
    expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe(convergence.toCsv());
    await convergence.save(join(folder, 'a.png'), SMALL);
    expect(await readFile(join(folder, 'a.png'))).toEqual(Buffer.from(convergence.toPng(SMALL)));
    await expect(convergence.save(join(folder, 'a.bmp'))).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data: { hint: 'Give a name that ends in .apng, .gif, .png, .svg, .csv, .json' },
    });
  });
});
