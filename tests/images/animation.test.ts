import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, test } from 'vitest';
import { animationFrames, isAnimation, openAnimation, type TimedPhoto } from '../../src/images/animation.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const COLOURS = [
  [250, 10, 10],
  [10, 250, 10],
  [10, 10, 250],
  [240, 240, 20],
];
const DELAYS = [50, 120, 90, 200];

/** One colour a picture, with a black column that moves. */
function animated(colours: readonly (readonly number[])[], width = 24, height = 16) {
  const pictures = colours.map((colour, column) => {
    const picture = Buffer.alloc(3 * width * height, Uint8Array.from(colour));
    for (let y = 0; y < height; y++) picture.fill(0, 3 * (y * width + column), 3 * (y * width + column + 1));
    return picture;
  });
  const raw = { width, height: height * colours.length, channels: 3, pageHeight: height } as const;
  return sharp(Buffer.concat(pictures), { raw });
}
const gif = () => animated(COLOURS).gif({ delay: DELAYS }).toBuffer();
const webp = () => animated(COLOURS).webp({ lossless: true, delay: DELAYS }).toBuffer();

async function all(source: string | Uint8Array): Promise<TimedPhoto[]> {
  const photos: TimedPhoto[] = [];
  for await (const photo of animationFrames(source)) photos.push(photo);
  return photos;
}

function expectPictures(photos: readonly TimedPhoto[]): void {
  expect(photos.map(({ milliseconds }) => milliseconds)).toEqual(DELAYS);
  for (const [index, { pixels, width, height }] of photos.entries()) {
    expect([width, height, pixels.length]).toEqual([24, 16, 3 * 24 * 16]);
    expect([...pixels.subarray(3 * index, 3 * index + 3)]).toEqual([0, 0, 0]);
    for (const [channel, level] of COLOURS[index].entries()) {
      expect(Math.abs(pixels[pixels.length - 3 + channel] - level)).toBeLessThan(12);
    }
  }
}

test.each([
  ['GIF', gif],
  ['WebP', webp],
])('the pictures of a %s come in their order, with their times', async (_name, make) => {
  const bytes = await make();
  expectPictures(await all(bytes));
  const file = join(temporaryFolder(), 'moving');
  await writeFile(file, bytes);
  expectPictures(await all(file));
  expect(await isAnimation(file)).toBe(true);
});

test('transparent parts are black', async () => {
  const clear = { create: { width: 8, height: 8, channels: 4, background: '#0000' } } as const;
  const pictures = await Promise.all([1, 2].map(() => sharp(clear).png().toBuffer()));
  const bytes = await sharp(pictures, { join: { animated: true } })
    .gif({ delay: 40 })
    .toBuffer();
  for (const { pixels } of await all(bytes)) expect(Math.max(...pixels)).toBe(0);
});

test('pictures that are too large for one pass are decoded in several', async () => {
  const colours = Array.from({ length: 3 }, (_, i) => [40 * i, 200, 255 - 40 * i]);
  const bytes = await animated(colours, 3600, 3600).webp({ lossless: true, effort: 0 }).toBuffer();
  const firsts: number[] = [];
  for await (const { pixels } of animationFrames(bytes)) firsts.push(pixels[pixels.length - 3]);
  expect(firsts).toEqual([0, 40, 80]);
});

test('a GIF of one picture is an animation, a WebP of one is a photo', async () => {
  const [folder, one] = [temporaryFolder(), () => animated(COLOURS.slice(0, 1))];
  await one().gif().toFile(join(folder, 'one.gif'));
  await one().webp().toFile(join(folder, 'one.webp'));
  expect(await all(join(folder, 'one.gif'))).toHaveLength(1);
  expect(await isAnimation(join(folder, 'one.webp'))).toBe(false);
  expect(await isAnimation(join(folder, 'none.gif'))).toBe(false);
});

describe('refuses', () => {
  const refusal = (bytes: Uint8Array | string) => expect(all(bytes)).rejects;

  it.each([0.2, 0.5, 0.9, 0.999])('%f of a file', async (share) => {
    for (const bytes of [await gif(), await webp()]) {
      const cut = bytes.subarray(0, Math.floor(share * bytes.length));
      await refusal(cut).toMatchObject({ code: 'INVALID_IMAGE' });
    }
  });

  it('a GIF whose pixels are damaged', async () => {
    const noise = Uint8Array.from({ length: 3 * 64 * 64 * 2 }, (_, i) => (i * 7919 + (i >> 3)) % 251);
    const raw = { width: 64, height: 128, channels: 3, pageHeight: 64 } as const;
    const bytes = await sharp(noise, { raw })
      .gif({ delay: [50, 50] })
      .toBuffer();
    const start = bytes.lastIndexOf(0x2c) - 1500;
    bytes.fill(0xff, start, start + 40);
    await refusal(bytes).toMatchObject({ code: 'INVALID_IMAGE' });
  });

  it('too many pictures', async () => {
    const [header, picture] = split(await animated(COLOURS.slice(0, 1), 4, 4).gif().toBuffer());
    const many = (count: number) =>
      Buffer.concat([header, ...Array.from({ length: count }, () => picture), Uint8Array.of(0x3b)]);
    expect((await openAnimation(many(3000))).milliseconds).toHaveLength(3000);
    await refusal(many(3001)).toMatchObject({
      code: 'INVALID_IMAGE',
      problem: 'the animation has too many pictures',
      data: { hint: expect.stringContaining('3000') },
    });
  });

  it('pictures that are too large, one or all of them', async () => {
    const large = async (side: number, count: number) => {
      const bytes = await animated(COLOURS.slice(0, 1)).gif().toBuffer();
      const picture = bytes.indexOf(Uint8Array.of(0x2c, 0, 0, 0, 0, 24, 0, 16, 0));
      for (const offset of [6, 8, picture + 5, picture + 7]) bytes.writeUInt16LE(side, offset);
      const [header, rest] = split(bytes);
      return Buffer.concat([header, ...Array.from({ length: count }, () => rest), Uint8Array.of(0x3b)]);
    };
    await refusal(await large(5000, 1)).toMatchObject({ problem: 'the image is too large' });
    await refusal(await large(3900, 17)).toMatchObject({ problem: 'the animation has too many pictures' });
    expect((await openAnimation(await large(3900, 16))).milliseconds).toHaveLength(16);
  });

  it('a file that is not an animation', async () => {
    const still = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#123' } })
      .png()
      .toBuffer();
    await refusal(still).toMatchObject({
      code: 'INVALID_IMAGE',
      problem: 'not an animated GIF or WebP',
      data: { hint: expect.stringContaining('animated PNG') },
    });
    await refusal(new Uint8Array()).toMatchObject({ code: 'INVALID_IMAGE' });
    await refusal('/nowhere/a.gif').toMatchObject({ code: 'FILE_SYSTEM' });
    await refusal(Buffer.from('GIF89a')).toMatchObject({ code: 'INVALID_IMAGE' });
  });
});

/** A GIF's header with its colour table, and everything after it except the trailer. */
function split(bytes: Buffer): [Buffer, Buffer] {
  const table = (bytes[10] & 0x80) === 0 ? 0 : 3 << ((bytes[10] & 7) + 1);
  return [bytes.subarray(0, 13 + table), bytes.subarray(13 + table, bytes.length - 1)];
}
