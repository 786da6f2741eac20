import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import { PICTURE_FORMATS, PICTURE_NAME } from '../../src/images/picture-formats.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';
import { bmp, type Colour } from './bitmaps.ts';
import { noisePicture } from './noise.ts';

const WIDTH = 5;
const HEIGHT = 3;
const colourAt = (x: number, y: number): Colour => [40 * x, 80 * y, 255 - 30 * x - 20 * y];
const levelAt = (x: number, y: number) => 50 * x + 2 * y;
const grey = (level: number): Colour => [level, level, level];
const ORANGE: Colour = [230, 120, 40];

const COLOURS = each(colourAt).flat();
const LEVELS = each((x, y) => levelAt(x, y));
const colours = () => sharp(Buffer.from(COLOURS), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const levels = () => sharp(Buffer.from(LEVELS), { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });
/** One colour, since lossy formats keep no single pixels. */
const plain = () => sharp({ create: { width: 32, height: 16, channels: 3, background: '#e67828' } });
const noisy = () => noisePicture(90, 80);

function each<Value>(valueAt: (x: number, y: number) => Value): Value[] {
  return Array.from({ length: WIDTH * HEIGHT }, (_, i) => valueAt(i % WIDTH, Math.floor(i / WIDTH)));
}

const pgm = (header: string, data: readonly number[] | string) =>
  Buffer.concat([
    Buffer.from(header, 'latin1'),
    typeof data === 'string' ? Buffer.from(data) : Buffer.from(data),
  ]);
const bigEndian = (values: readonly number[]) => values.flatMap((value) => [value >> 8, value & 255]);

describe('pictures are read to the pixel', () => {
  const rgb = (x: number, y: number) => {
    const [red, green, blue] = colourAt(x, y);
    return (red << 16) | (green << 8) | blue;
  };
  const fiveBits = (x: number, y: number) => (x << 10) | (y << 5) | 31;
  const fiveBitColour = (x: number, y: number): Colour => [
    Math.round((255 * x) / 31),
    Math.round((255 * y) / 31),
    255,
  ];
  const palette = Array.from({ length: 16 }, (_, i): Colour => [i, 16 * i, 255 - i]);
  const size = { width: WIDTH, height: HEIGHT };
  it.each<[string, () => Buffer | Promise<Buffer>, (x: number, y: number) => Colour]>([
    ['PNG', () => colours().png().toBuffer(), colourAt],
    ['grey PNG', () => levels().toColourspace('b-w').png().toBuffer(), (x, y) => grey(levelAt(x, y))],
    ['PNG of 16 bits', () => colours().toColourspace('rgb16').png().toBuffer(), colourAt],
    ['lossless WebP', () => colours().webp({ lossless: true }).toBuffer(), colourAt],
    ['TIFF', () => colours().tiff({ compression: 'none' }).toBuffer(), colourAt],
    ['TIFF with LZW', () => colours().tiff({ compression: 'lzw', predictor: 'none' }).toBuffer(), colourAt],
    ['TIFF with deflate', () => colours().tiff({ compression: 'deflate' }).toBuffer(), colourAt],
    ['TIFF in tiles', () => colours().tiff({ compression: 'none', tile: true }).toBuffer(), colourAt],
    ['BigTIFF', () => colours().tiff({ compression: 'none', bigtiff: true }).toBuffer(), colourAt],
    [
      'grey TIFF',
      () => levels().toColourspace('b-w').tiff({ compression: 'none' }).toBuffer(),
      (x, y) => grey(levelAt(x, y)),
    ],
    [
      'TIFF of 16 bits',
      () => levels().toColourspace('grey16').tiff({ compression: 'none' }).toBuffer(),
      (x, y) => grey(levelAt(x, y)),
    ],
    ['BMP of 24 bits', () => bmp({ ...size, bits: 24, valueAt: rgb }), colourAt],
    ['BMP from the top down', () => bmp({ ...size, bits: 24, valueAt: rgb, topDown: true }), colourAt],
    ['BMP of 32 bits', () => bmp({ ...size, bits: 32, valueAt: rgb }), colourAt],
    ['BMP of 16 bits', () => bmp({ ...size, bits: 16, valueAt: fiveBits }), fiveBitColour],
    [
      'BMP of 32 bits with masks',
      () =>
        bmp({
          ...size,
          bits: 32,
          valueAt: (x, y) => rgb(x, y) * 256 + 7,
          masks: [0xff000000, 0xff0000, 0xff00],
        }),
      colourAt,
    ],
    [
      'BMP of 16 bits with masks',
      () =>
        bmp({
          ...size,
          bits: 16,
          valueAt: (x, y) => (x << 11) | ((2 * y) << 5),
          masks: [0xf800, 0x7e0, 0x1f],
        }),
      (x, y) => [Math.round((255 * x) / 31), Math.round((255 * 2 * y) / 63), 0],
    ],
    [
      'BMP of 8 bits',
      () => bmp({ ...size, bits: 8, valueAt: (x, y) => x + 5 * y, palette }),
      (x, y) => palette[x + 5 * y],
    ],
    [
      'BMP of 4 bits',
      () => bmp({ ...size, bits: 4, valueAt: (x, y) => x + 5 * y, palette }),
      (x, y) => palette[x + 5 * y],
    ],
    [
      'BMP of 1 bit',
      () => bmp({ ...size, bits: 1, valueAt: (x, y) => (x + y) % 2, palette: [ORANGE, grey(255)] }),
      (x, y) => ((x + y) % 2 ? grey(255) : ORANGE),
    ],
    ['raw PGM', () => pgm('P5\n5 3\n255\n', LEVELS), (x, y) => grey(levelAt(x, y))],
    [
      'raw PGM of 16 bits',
      () => pgm('P5 5 3 65535\n', bigEndian(LEVELS.map((level) => 257 * level))),
      (x, y) => grey(levelAt(x, y)),
    ],
    [
      'raw PGM of 4 bits',
      () =>
        pgm(
          'P5 5 3 15\n',
          each((x) => x),
        ),
      (x) => grey(17 * x),
    ],
    ['raw PPM', () => pgm('P6\n# a comment\n5 3 # and another\n255\n', COLOURS), colourAt],
    ['plain PGM', () => pgm('P2\n5 3\n255\n', LEVELS.join(' \n')), (x, y) => grey(levelAt(x, y))],
    ['plain PPM', () => pgm('P3\n5 3\n255\n', `${COLOURS.join('\t')}\n`), colourAt],
  ])('%s', async (_, make, expected) => {
    const { pixels, width, height } = await decodePhoto(await make());
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    expect([...pixels]).toEqual(each(expected).flat());
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['JPEG', () => plain().jpeg().toBuffer()],
    ['progressive JPEG', () => plain().jpeg({ progressive: true }).toBuffer()],
    ['CMYK JPEG', () => plain().toColourspace('cmyk').jpeg().toBuffer()],
    ['CMYK TIFF', () => plain().toColourspace('cmyk').tiff().toBuffer()],
    ['TIFF with JPEG', () => plain().tiff({ compression: 'jpeg' }).toBuffer()],
    ['GIF', () => plain().gif().toBuffer()],
    ['palette PNG', () => plain().png({ palette: true }).toBuffer()],
    ['interlaced PNG', () => plain().png({ progressive: true }).toBuffer()],
    ['WebP', () => plain().webp().toBuffer()],
    ['AVIF', () => plain().avif().toBuffer()],
    ['AVIF of 10 bits', () => plain().avif({ bitdepth: 10 }).toBuffer()],
  ])('%s nearly', async (_, make) => {
    const { pixels, width, height } = await decodePhoto(await make());
    expect([width, height, pixels.length]).toEqual([32, 16, 3 * 32 * 16]);
    for (const [i, level] of pixels.entries())
      expect(Math.abs(level - ORANGE[i % 3])).toBeLessThanOrEqual(30);
  });

  it('transparent parts are black', async () => {
    const half = () => plain().ensureAlpha(0.5);
    const made = await Promise.all(
      [half().png(), half().webp({ lossless: true }), half().tiff({ compression: 'lzw' }), half().avif()].map(
        (one) => one.toBuffer(),
      ),
    );
    for (const bytes of made) {
      const { pixels } = await decodePhoto(bytes);
      for (const [i, level] of [...pixels.subarray(0, 3)].entries())
        expect(Math.abs(level - ORANGE[i] / 2)).toBeLessThan(6);
    }
  });

  it('the first page of a TIFF', async () => {
    const pages = await Promise.all(
      ['#e67828', '#000'].map((background) =>
        sharp({ create: { width: 8, height: 8, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const bytes = await sharp(pages, { join: { animated: true } })
      .tiff({ compression: 'none' })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(2);
    const { height, pixels } = await decodePhoto(bytes);
    expect([height, ...pixels.subarray(0, 3)]).toEqual([8, ...ORANGE]);
  });
});

describe('the content decides the format', () => {
  it('and the name does not matter', async () => {
    const folder = temporaryFolder();
    const made = [
      plain().jpeg(),
      plain().png(),
      plain().webp(),
      plain().gif(),
      plain().tiff(),
      plain().avif(),
    ];
    for (const [i, one] of made.entries()) {
      for (const name of [`${i}.png`, `${i}.JPG`, `${i}`]) {
        writeFileSync(join(folder, name), await one.toBuffer());
        expect(await decodePhoto(join(folder, name))).toMatchObject({ width: 32, height: 16 });
      }
    }
  });

  it.each([
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'JPEG'],
    ['HEIC', '\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'JPEG'],
    ['video', '\0\0\0\x18ftypisom\0\0\0\0isommp42', 'frames'],
    ['JPEG XL', '\xff\x0a\x00\x00', 'JPEG'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n', 'PNG'],
    ['camera raw', 'II*\0\x10\0\0\0CR\x02\0', 'JPEG'],
    ['Photoshop', '8BPS\0\x01', 'PNG'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'PNG'],
    ['PDF', '%PDF-1.7', 'PNG'],
  ])('%s is named, with what to do', async (name, content, advice) => {
    await expect(decodePhoto(Buffer.from(content, 'latin1'))).rejects.toMatchObject({
      code: 'INVALID_IMAGE',
      problem: expect.stringContaining(`, but ${name}`),
      data: { hint: expect.stringContaining(advice) },
    });
  });

  it('AVIF is read by any of its brands', async () => {
    const bytes = await plain().avif().toBuffer();
    expect(bytes.toString('latin1', 4, 12)).toBe('ftypavif');
    bytes.write('mif1', 8);
    expect(await decodePhoto(bytes)).toMatchObject({ width: 32 });
  });

  it('a TIFF of several resolutions, as camera raw is, is refused', async () => {
    const bytes = await plain()
      .tiff({ pyramid: true, tile: true, tileWidth: 16, tileHeight: 16, compression: 'none' })
      .toBuffer();
    const withSubfile = addSubfile(bytes);
    await expect(decodePhoto(withSubfile)).rejects.toMatchObject({
      code: 'INVALID_IMAGE',
      problem: expect.stringContaining('camera raw'),
    });
  });
});

describe('a picture that ends too early is refused', () => {
  const rgb = (x: number, y: number) => 1000 * x + y;
  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ['JPEG', () => noisy().jpeg().toBuffer()],
    ['PNG', () => noisy().png().toBuffer()],
    ['WebP', () => noisy().webp().toBuffer()],
    ['GIF', () => noisy().gif().toBuffer()],
    ['TIFF', () => noisy().tiff({ compression: 'none' }).toBuffer()],
    ['TIFF with LZW', () => noisy().tiff({ compression: 'lzw' }).toBuffer()],
    ['TIFF with JPEG', () => noisy().tiff({ compression: 'jpeg' }).toBuffer()],
    ['AVIF', () => noisy().avif().toBuffer()],
    ['BMP', () => bmp({ width: 30, height: 20, bits: 24, valueAt: rgb })],
    [
      'PGM',
      () =>
        pgm(
          'P5 30 20 255\n',
          Array.from({ length: 600 }, (_, i) => i % 256),
        ),
    ],
    [
      'plain PGM',
      () => pgm('P2 30 20 255\n', Array.from({ length: 600 }, (_, i) => 100 + (i % 100)).join(' ')),
    ],
  ])('%s', async (_, make) => {
    const bytes = await make();
    expect((await decodePhoto(bytes)).width).toBeGreaterThan(20);
    for (const share of [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97]) {
      const cut = bytes.subarray(0, Math.floor(share * bytes.length));
      await expect(decodePhoto(cut)).rejects.toMatchObject({ name: 'EvopatchError', code: 'INVALID_IMAGE' });
    }
  });
});

it('a file that is not an image is refused with a typed error', async () => {
  for (const source of [null, undefined, 7, {}, [1, 2], new ArrayBuffer(8), new Uint8Array()]) {
    await expect(decodePhoto(source as never)).rejects.toMatchObject({
      name: 'EvopatchError',
      code: 'INVALID_IMAGE',
    });
  }
  await expect(decodePhoto(temporaryFolder())).rejects.toMatchObject({
    code: 'FILE_SYSTEM',
    message: expect.stringContaining('folder'),
  });
  await expect(decodePhoto('')).rejects.toMatchObject({ code: 'FILE_SYSTEM' });
});

it('names are known in any case, by endings that belong to one format each', () => {
  const endings = PICTURE_FORMATS.flatMap((format) => [...format.endings]);
  expect(new Set(endings).size).toBe(endings.length);
  for (const ending of endings) expect(`face.${ending.toUpperCase()}`).toMatch(PICTURE_NAME);
  for (const name of ['face', 'jpg', 'face.jpg.txt', 'face.heic', 'face.jpg_original'])
    expect(name).not.toMatch(PICTURE_NAME);
});

/** A little-endian TIFF whose first directory gets the tag of further resolutions (330, SubIFDs). */
function addSubfile(bytes: Buffer): Buffer {
  const directory = bytes.readUInt32LE(4);
  const count = bytes.readUInt16LE(directory);
  const entries = bytes.subarray(directory + 2, directory + 2 + 12 * count);
  const subfile = Buffer.alloc(12);
  subfile.writeUInt16LE(330, 0);
  subfile.writeUInt16LE(4, 2);
  subfile.writeUInt32LE(1, 4);
  subfile.writeUInt32LE(directory, 8);
  const all = [...Array.from({ length: count }, (_, i) => entries.subarray(12 * i, 12 * i + 12)), subfile];
  all.sort((a, b) => a.readUInt16LE() - b.readUInt16LE());
  const header = Buffer.alloc(2);
  header.writeUInt16LE(count + 1);
  const whole = Buffer.concat([bytes, header, ...all, Buffer.alloc(4)]);
  whole.writeUInt32LE(bytes.length, 4);
  return whole;
}
