import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hexOf, magma } from '../../src/charts/colors.ts';
import { escapeXml } from '../../src/charts/svg-surface.ts';
import { applySimilarity } from '../../src/landmarks/similarity.ts';
import { patchMap } from '../../src/maps/patch-map.ts';
import { BESIDE_NOSE, EYES_AND_MOUTH, FRAME } from './faces.ts';

const one = patchMap({ genomes: [BESIDE_NOSE], frame: FRAME });
const two = patchMap({ genomes: [EYES_AND_MOUTH, BESIDE_NOSE], weights: [1, 3], frame: FRAME });

async function decode(picture: Uint8Array | string) {
  const { data, info } = await sharp(Buffer.from(picture))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const start = 4 * (Math.floor(y) * info.width + Math.floor(x));
    return Array.from(data.subarray(start, start + 4));
  };
  return { ...info, at };
}

describe('a look', () => {
  test('as outlines draws lines alone, for several genomes too', async () => {
    const { at } = await decode(two.toPng({ style: 'outlines', overlay: true }));
    const inside = (dx: number, dy: number) => {
      return at(10 * (FRAME.noseX - FRAME.border + dx), 10 * (FRAME.noseY - FRAME.border + dy));
    };
    expect(inside(5.5, 5.5)[3]).toBe(0);
    expect(inside(10, 5.5)[3]).toBeGreaterThan(150); // the right side of the nose patch
  });

  test('as heat counts the patches of one genome', async () => {
    const svg = patchMap({ genomes: [EYES_AND_MOUTH], frame: FRAME }).toSvg({ style: 'heat' });
    expect(svg).toContain('Patches that read a pixel.');
    expect(svg).toMatch(/>0<\/text>[\s\S]*>1<\/text>[\s\S]*>2<\/text>/);
  });

  test('in magma uses the colours of magma', () => {
    const svg = two.toSvg({ colors: 'magma', overlay: true });
    expect(svg).toContain(`fill="${hexOf(magma(1))}" fill-opacity="0.651"`);
    expect(two.toSvg({ overlay: true })).not.toContain(hexOf(magma(1)));
  });

  test('as an overlay is transparent, of the size of the face, and without text', async () => {
    for (const scale of [4, 16]) {
      const { width, height, at } = await decode(two.toPng({ overlay: true, scale }));
      expect([width, height]).toEqual([48 * scale, 48 * scale]);
      expect(at(1, 1)).toEqual([0, 0, 0, 0]);
      const x = scale * (FRAME.noseX - FRAME.border + 2.5);
      const y = scale * (FRAME.noseY - FRAME.border + 5.5);
      expect(at(x, y)[3]).toBeCloseTo(0.65 * 255, -1);
    }
    expect(two.toSvg({ overlay: true })).not.toContain('<text');
  });

  test.each([
    ['scale', { scale: 3 }],
    ['scale', { scale: 65 }],
    ['style', { style: 'dots' as never }],
    ['colors', { colors: 'jet' as never }],
  ])('with an impossible %s is refused', (option, look) => {
    for (const draw of [one.toPng, one.toSvg]) {
      expect(() => draw(look)).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION', data: expect.objectContaining({ option }) }),
      );
    }
  });
});

describe('an SVG', () => {
  const title = `<script>alert("1")</script> & 'more'\u0000\u001b`;

  test('escapes text from outside', async () => {
    const map = patchMap({ genomes: [BESIDE_NOSE], frame: FRAME, title, notes: [title] });
    const svg = map.toSvg();
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&#60;script&#62;');
    await sharp(Buffer.from(svg)).raw().toBuffer(); // a strict parser of XML
  });

  test('is well-formed, of rectangles and text', async () => {
    for (const map of [one, two]) {
      for (const style of ['heat', 'outlines'] as const) {
        const svg = map.toSvg({ style });
        const open: string[] = [];
        for (const [, close, name, rest] of svg.matchAll(/<(\/?)(\w+)([^>]*)>/g)) {
          if (close === '/') expect(open.pop()).toBe(name);
          else if (!rest.endsWith('/')) open.push(name);
        }
        expect(open).toEqual([]);
        expect(svg).toMatch(/<rect /);
        expect(svg).toMatch(/<text /);
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
        expect(svg).not.toMatch(/ id=/); // several may stand in one page
        await sharp(Buffer.from(svg)).raw().toBuffer();
      }
    }
  });

  test('shows what the PNG shows', async () => {
    const face = Uint8Array.from({ length: FRAME.size ** 2 }, (_, i) => 60 + (i % FRAME.size));
    for (const genomes of [[EYES_AND_MOUTH], [EYES_AND_MOUTH, BESIDE_NOSE]]) {
      const map = patchMap({ genomes, frame: FRAME, face });
      const [png, svg] = await Promise.all([decode(map.toPng()), decode(map.toSvg())]);
      expect([svg.width, svg.height]).toEqual([png.width, png.height]);
      let apart = 0;
      for (let y = 25; y < 495; y += 10) {
        for (let x = 25; x < 495; x += 10) {
          const distance = png.at(x, y).map((level, channel) => Math.abs(level - svg.at(x, y)[channel]));
          if (Math.max(...distance) > 12) apart++;
        }
      }
      expect(apart / 47 ** 2).toBeLessThan(0.02); // badges, whose letters differ
    }
  });

  test('drops characters that XML does not allow, and escapes markup', () => {
    expect(escapeXml('a\u0000<b>\ud800&"\'\n😀')).toBe('a&#60;b&#62;&#38;&#34;&#39;\n😀');
  });
});

describe('on a photo', () => {
  /** Half the size and turned, as frames are seen from the photo. */
  const similarity = { a: 0.48, b: 0.14, tx: -20, ty: -30 };
  const [width, height] = [200, 180];
  const photo = { pixels: new Uint8Array(3 * width * height).fill(128), width, height };
  const on = (genomes: (typeof BESIDE_NOSE)[]) =>
    patchMap({ genomes, frame: FRAME, photo: { photo, similarities: [similarity] } });

  test('draws a patch on the pixels that the alignment maps into it', async () => {
    for (const [genomes, style] of [
      [[BESIDE_NOSE, BESIDE_NOSE], 'heat'],
      [[BESIDE_NOSE], 'heat'],
    ] as const) {
      const picture = await decode(on([...genomes]).toPng({ overlay: true, style }));
      expect([picture.width, picture.height]).toEqual([width, height]);
      let inside = 0;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [column, row] = applySimilarity(similarity, x + 0.5, y + 0.5);
          const fromEdge = Math.min(column - 32, 42 - column, row - 37, 47 - row); // 10×10 right below the nose
          const alpha = picture.at(x, y)[3];
          if (fromEdge > 0.4) expect(alpha).toBeGreaterThan(30);
          if (fromEdge < -0.4) expect(alpha).toBeLessThan(20); // no more than a line's soft edge
          if (fromEdge < -0.8) expect(alpha).toBe(0);
          inside += fromEdge > 0 ? 1 : 0;
        }
      }
      expect(inside).toBeGreaterThan(300); // 100 frame pixels of 4 photo pixels each
    }
  });

  test('is drawn over the photo, with a legend beside it', async () => {
    const map = on([BESIDE_NOSE]);
    const png = await decode(map.toPng());
    expect(png.width).toBeGreaterThan(3 * width); // enlarged, so that lines have room
    const unit = Math.round((3 * height) / 52);
    expect(png.at(2 * unit + 5, 2 * unit + 5)).toEqual([128, 128, 128, 255]);
    expect(png.at(1, 1)).toEqual([255, 255, 255, 255]);
    const svg = map.toSvg();
    expect(svg).toContain('data:image/png;base64,');
    await sharp(Buffer.from(svg)).raw().toBuffer();
  });

  test('refuses a scale and a photo without faces', () => {
    expect(() => on([BESIDE_NOSE]).toPng({ scale: 10 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
    const faceless = { genomes: [BESIDE_NOSE], frame: FRAME, photo: { photo, similarities: [] } };
    expect(() => patchMap(faceless)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('numbers', () => {
  test('are grid, unit, shares and patches', () => {
    expect(two.unit).toBe('share of networks');
    expect(two.grid.size).toBe(64);
    expect(two.grid.values[(FRAME.noseY + 2) * 64 + FRAME.noseX + 2]).toBe(0.75);
    expect(two.most).toBe(1);
    expect(one).toMatchObject({ unit: 'patches', most: 1, pixels: 100, faceShare: 100 / 48 ** 2 });
    expect(one.genomes[0].patches[0].rectangles).toEqual([{ x: 32, y: 37, width: 10, height: 10 }]);
  });

  test('as csv are the grid again', () => {
    const thirds = patchMap({ genomes: [EYES_AND_MOUTH, BESIDE_NOSE], weights: [1, 2], frame: FRAME });
    const lines = thirds.toCsv().trimEnd().split('\n');
    expect(lines).toHaveLength(64);
    const read = lines.flatMap((line) => line.split(',').map(Number));
    expect(Float64Array.from(read)).toEqual(thirds.grid.values);
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evopatch-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('have the format that their names end in', async () => {
    const look = { colors: 'magma' } as const;
    for (const [name, content] of [
      ['a.png', Buffer.from(two.toPng(look)).toString('latin1')],
      ['a.SVG', Buffer.from(two.toSvg(look)).toString('latin1')],
      ['a.csv', two.toCsv()],
    ]) {
      await two.save(join(folder, name), look);
      expect(await readFile(join(folder, name), 'latin1')).toBe(content);
    }
    await two.save(join(folder, 'a.json'));
    expect(JSON.parse(await readFile(join(folder, 'a.json'), 'utf8'))).toEqual(two.toJson());
    await expect(two.save(join(folder, 'a.gif'))).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      data: { hint: 'Give a name that ends in .png, .svg, .csv, .json' },
    });
  });
});
