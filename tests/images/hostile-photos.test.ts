import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import { greyOf, type Photo, photoOf } from '../../src/images/photo.ts';

/** One colour a frame, one frame below the other, as sharp takes animations. */
function frames(colours: readonly (readonly number[])[], size = 8) {
  const pixels = Buffer.concat(
    colours.map((colour) => Buffer.alloc(3 * size * size, Uint8Array.from(colour))),
  );
  return sharp(pixels, {
    raw: { width: size, height: size * colours.length, channels: 3, pageHeight: size },
  });
}

const pixel = ({ pixels, width }: Photo, x: number, y: number) => [
  ...pixels.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  for (const [i, value] of actual.entries())
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(tolerance);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A PNG of one bit a pixel, all of them 0. */
function blackPng(width: number, height: number): Buffer {
  const header = Buffer.concat([uint32(width, height), Uint8Array.of(1, 0, 0, 0, 0)]);
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height), { level: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('an animation', () => {
  it.each([true, false])('gives the first picture of a WebP (lossless: %s)', async (lossless) => {
    const colours = [
      [250, 10, 10],
      [10, 250, 10],
      [10, 10, 250],
    ];
    const bytes = await frames(colours)
      .webp({ lossless, delay: [100, 100, 100] })
      .toBuffer();
    expect((await sharp(bytes).metadata()).pages).toBe(3);
    const photo = await decodePhoto(bytes);
    expect([photo.width, photo.height]).toEqual([8, 8]);
    expectNear(pixel(photo, 4, 4), colours[0], lossless ? 0 : 8);
  });

  it('gives the first picture of a PNG', async () => {
    const [red, blue] = await Promise.all(
      ['#f00', '#00f'].map((background) =>
        sharp({ create: { width: 4, height: 4, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const still = (bytes: Buffer, type: string) => {
      const at = bytes.indexOf(type, 0, 'latin1');
      return bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4));
    };
    const control = (sequence: number) =>
      chunk('fcTL', Buffer.concat([uint32(sequence, 4, 4, 0, 0), Uint8Array.of(0, 1, 0, 10, 0, 0)]));
    const bytes = Buffer.concat([
      SIGNATURE,
      chunk('IHDR', still(red, 'IHDR')),
      chunk('acTL', uint32(2, 0)),
      control(0),
      chunk('IDAT', still(red, 'IDAT')),
      control(1),
      chunk('fdAT', Buffer.concat([uint32(2), still(blue, 'IDAT')])),
      chunk('IEND', Buffer.alloc(0)),
    ]);
    const photo = await decodePhoto(bytes);
    expect([photo.width, photo.height, ...pixel(photo, 2, 2)]).toEqual([4, 4, 255, 0, 0]);
  });

  it('gives the first picture of a GIF', async () => {
    const colours = [
      [200, 9, 9],
      [9, 9, 99],
    ];
    const photo = await decodePhoto(await frames(colours).gif().toBuffer());
    expect([photo.width, photo.height]).toEqual([8, 8]);
    expectNear(pixel(photo, 4, 4), colours[0], 2);
  });
});

describe('other ways to hold colours', () => {
  const orange = [230, 120, 40];
  const plain = () => frames([orange], 16);

  it('turns a CMYK JPEG into sRGB', async () => {
    const bytes = await plain().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    const photo = await decodePhoto(bytes);
    expect(photo.pixels).toHaveLength(3 * 16 * 16);
    expectNear(pixel(photo, 8, 8), orange, 30);
  });

  it('makes 16 bits 8', async () => {
    const bytes = await plain().toColourspace('rgb16').png().toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expectNear(pixel(await decodePhoto(bytes), 3, 3), orange, 1);
  });

  it('gives three channels for grey, palettes and transparency', async () => {
    const grey = await plain().greyscale().png().toBuffer();
    const palette = await plain().png({ palette: true }).toBuffer();
    const clear = await plain().ensureAlpha(0.5).png().toBuffer();
    for (const bytes of [grey, palette, clear]) {
      expect((await decodePhoto(bytes)).pixels).toHaveLength(3 * 16 * 16);
    }
    const [r, g, b] = pixel(await decodePhoto(grey), 0, 0);
    expect([g, b]).toEqual([r, r]);
    expectNear(pixel(await decodePhoto(palette), 5, 5), orange, 2);
    expectNear(
      pixel(await decodePhoto(clear), 5, 5),
      orange.map((value) => value / 2),
      2,
    );
  });

  it('reads a WebP', async () => {
    const bytes = await plain().webp({ lossless: true }).toBuffer();
    expect(pixel(await decodePhoto(bytes), 15, 15)).toEqual(orange);
  });
});

describe('the EXIF orientation', () => {
  // Upright the picture is 3 wide and 2 high, its upper left pixel white. Where that is stored, by orientation:
  it.each([
    { orientation: 1, width: 3, height: 2, x: 0, y: 0 },
    { orientation: 2, width: 3, height: 2, x: 2, y: 0 },
    { orientation: 3, width: 3, height: 2, x: 2, y: 1 },
    { orientation: 4, width: 3, height: 2, x: 0, y: 1 },
    { orientation: 5, width: 2, height: 3, x: 0, y: 0 },
    { orientation: 6, width: 2, height: 3, x: 0, y: 2 },
    { orientation: 7, width: 2, height: 3, x: 1, y: 2 },
    { orientation: 8, width: 2, height: 3, x: 1, y: 0 },
  ])('$orientation is undone', async ({ orientation, width, height, x, y }) => {
    const stored = Buffer.alloc(3 * width * height);
    stored.fill(255, 3 * (y * width + x), 3 * (y * width + x) + 3);
    for (const format of ['png', 'webp', 'jpeg'] as const) {
      const options = format === 'webp' ? { lossless: true } : format === 'jpeg' ? { quality: 100 } : {};
      const bytes = await sharp(stored, { raw: { width, height, channels: 3 } })
        .withMetadata({ orientation })
        .toFormat(format, { ...options, ...(format === 'jpeg' ? { chromaSubsampling: '4:4:4' } : {}) })
        .toBuffer();
      expect((await sharp(bytes).metadata()).orientation ?? 1).toBe(orientation);
      const photo = await decodePhoto(bytes);
      expect([photo.width, photo.height]).toEqual([3, 2]);
      const expected = photoOf({ pixels: [255, 0, 0, 0, 0, 0], width: 3, height: 2 }).pixels;
      expectNear([...photo.pixels], [...expected], format === 'jpeg' ? 12 : 0);
    }
  });
});

describe('a hostile file', () => {
  it('of 400 megapixels in few bytes is refused before it is decoded', async () => {
    const bytes = blackPng(20_000, 20_000);
    expect(bytes.length).toBeLessThan(100_000);
    expect(await sharp(bytes, { limitInputPixels: false }).metadata()).toMatchObject({ width: 20_000 });
    const before = process.memoryUsage().rss;
    await expect(decodePhoto(bytes)).rejects.toMatchObject({
      code: 'INVALID_IMAGE',
      message: expect.stringContaining('too large'),
      data: { hint: expect.stringContaining('20000×20000 pixels, 400 megapixels') },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  it.each([
    ['width', uint32(2 ** 31 - 1, 1)],
    ['height', uint32(1, 2 ** 31 - 1)],
    ['both', uint32(2 ** 31 - 1, 2 ** 31 - 1)],
    ['no size', uint32(0, 0)],
  ])('with a header of impossible sizes (%s) is refused', async (_, size) => {
    const header = Buffer.concat([size, Uint8Array.of(8, 2, 0, 0, 0)]);
    const bytes = Buffer.concat([
      SIGNATURE,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(Buffer.alloc(9))),
    ]);
    await expect(decodePhoto(bytes)).rejects.toMatchObject({ name: 'EvopatchError', code: 'INVALID_IMAGE' });
  });

  it.each(['png', 'jpeg', 'webp'] as const)('that ends too early is refused (%s)', async (format) => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const create = { width: 90, height: 80, channels: 3, background: '#888', noise } as const;
    const bytes = await sharp({ create }).toFormat(format).toBuffer();
    expect(await decodePhoto(bytes)).toMatchObject({ width: 90, height: 80 });
    for (const length of [0, 1, 4, 12, 30, bytes.length >> 2, bytes.length >> 1, bytes.length - 40]) {
      const cut = bytes.subarray(0, length);
      await expect(decodePhoto(cut)).rejects.toMatchObject({ name: 'EvopatchError', code: 'INVALID_IMAGE' });
    }
  });

  it('whose bytes are changed is an image or a typed error, and never hangs', async () => {
    const create = { width: 40, height: 30, channels: 3, background: '#4a7' } as const;
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const bytes = await sharp({ create }).toFormat(format).toBuffer();
      for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 40)) {
        const damaged = Buffer.from(bytes);
        damaged[at] ^= 0x55;
        const result = await decodePhoto(damaged).catch((error) => error);
        if ('pixels' in result) expect(result.pixels).toHaveLength(3 * result.width * result.height);
        else expect(result).toMatchObject({ name: 'EvopatchError', code: 'INVALID_IMAGE' });
      }
    }
  });
});

describe('greyOf', () => {
  it('weighs the channels as BT.601 does, in 65,536ths', () => {
    const colours = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 255],
      [0, 0, 0],
      [10, 20, 35], // 18.72
      [50, 50, 50],
      [0, 0, 250], // 28.5 with 0.114, 28.4996 with 7471 of 65,536
    ];
    const { pixels } = greyOf({ pixels: Uint8Array.from(colours.flat()), width: 4, height: 2 });
    expect([...pixels]).toEqual([76, 150, 29, 255, 0, 19, 50, 28]);
  });

  it('keeps every grey level', () => {
    const pixels = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(greyOf(photoOf({ pixels, width: 16, height: 16 })).pixels).toEqual(pixels);
  });
});
