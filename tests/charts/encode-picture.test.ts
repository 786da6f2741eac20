import sharp from 'sharp';
import { describe, expect, it, test } from 'vitest';
import { encodeAnimation } from '../../src/charts/encode-animation.ts';
import { encodePicture, PICTURE_ENDINGS } from '../../src/charts/encode-picture.ts';
import { isMarked, markPng } from '../../src/charts/mark.ts';

const drawn = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c04080' } });
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('a picture', () => {
  test.each(PICTURE_ENDINGS)(
    'is written as what .%s stands for, with the mark and its pixels',
    async (ending) => {
      const png = markPng(await drawn(40, 30).png().toBuffer());
      const bytes = await encodePicture(png, ending);
      const { data, info } = await sharp(bytes, { failOn: 'warning' })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const format = ending === 'jpg' ? 'jpeg' : ending;
      expect((await sharp(bytes).metadata()).format).toBe(format);
      expect(info).toMatchObject({ width: 40, height: 30 });
      for (const [i, value] of [0xc0, 0x40, 0x80].entries())
        expect(Math.abs(data[i] - value)).toBeLessThan(6);
      expect(isMarked(latin1(bytes))).toBe(true);
    },
  );

  test('that is too large for its format is refused', async () => {
    const png = await drawn(16_384, 1).png().toBuffer();
    await expect(encodePicture(png, 'webp')).rejects.toMatchObject({
      code: 'INVALID_IMAGE',
      message: expect.stringContaining('16384×1'),
    });
    expect((await sharp(await encodePicture(png, 'jpg')).metadata()).width).toBe(16_384);
  });
});

describe('the mark', () => {
  test.each(['gif', 'webp', 'png', 'apng'] as const)(
    'is in an animation, which stays whole: .%s',
    async (format) => {
      const png = async (background: string) =>
        sharp({ create: { width: 8, height: 8, channels: 3, background } })
          .png()
          .toBuffer();
      const frames = [
        { png: await png('#f00'), milliseconds: 40 },
        { png: await png('#00f'), milliseconds: 80 },
      ];
      const bytes = await encodeAnimation(frames, format);
      expect(isMarked(latin1(bytes))).toBe(true);
      const read = sharp(bytes, { animated: true, failOn: 'warning' });
      const { data } = await read.removeAlpha().raw().toBuffer({ resolveWithObject: true });
      expect(data[0]).toBeGreaterThan(240);
      expect(data[2]).toBeLessThan(15);
      if (format === 'gif' || format === 'webp') {
        expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({
          pages: 2,
          delay: [40, 80],
        });
      }
    },
  );

  it('is missing in pictures by others, even with a path in their metadata', async () => {
    const exif = { IFD0: { ImageDescription: '/home/me/evopatch/faces/1.png' } };
    for (const format of ['png', 'jpeg', 'webp', 'gif'] as const) {
      expect(isMarked(latin1(await drawn(8, 8).withExif(exif).toFormat(format).toBuffer()))).toBe(false);
    }
  });
});
