import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import { greyOf } from '../../src/images/photo.ts';
import { temporaryFolder } from '../data/temporary-folder.ts';

const readGreyImage = async (file: string) => greyOf(await decodePhoto(file));

function write(content: string | Uint8Array, name = 'face.png'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

/** Three rows of two pixels: black, except one white pixel in the upper left. */
const corner = sharp(Buffer.from([255, 0, 0, 0, 0, 0]), { raw: { width: 2, height: 3, channels: 1 } });

const photo = () =>
  sharp({
    create: {
      width: 90,
      height: 80,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });

describe('decodePhoto', () => {
  it('reads grey levels as they are', async () => {
    const image = await readGreyImage(write(await corner.clone().png().toBuffer()));
    expect({ ...image, pixels: [...image.pixels] }).toEqual({
      pixels: [255, 0, 0, 0, 0, 0],
      width: 2,
      height: 3,
    });
  });

  it('makes colours, transparency and 16 bits grey', async () => {
    const raw = { width: 3, height: 1, channels: 4 } as const;
    const colours = sharp(Buffer.from([255, 255, 255, 255, 255, 255, 255, 0, 0, 255, 0, 255]), { raw });
    const [white, clear, green] = (await readGreyImage(write(await colours.png().toBuffer()))).pixels;
    expect([white, clear]).toEqual([255, 0]);
    expect(green).toBeGreaterThan(100);
    expect(green).toBeLessThan(255);
    const deep = await corner.clone().toColourspace('grey16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expect([...(await readGreyImage(write(deep))).pixels]).toEqual([255, 0, 0, 0, 0, 0]);
  });

  it('turns an image upright', async () => {
    const turned = await corner.clone().withMetadata({ orientation: 6 }).png().toBuffer();
    const image = await readGreyImage(write(turned));
    expect([image.width, image.height]).toEqual([3, 2]);
    expect([...image.pixels]).toEqual([0, 0, 255, 0, 0, 0]);
  });

  it.each(['png', 'jpeg'] as const)('refuses a %s that ends too early', async (format) => {
    const whole = await photo().toFormat(format).toBuffer();
    expect(await readGreyImage(write(whole))).toMatchObject({ width: 90, height: 80 });
    for (const share of [0.02, 0.3, 0.6, 0.9]) {
      const file = write(whole.subarray(0, Math.floor(whole.length * share)));
      await expect(readGreyImage(file)).rejects.toMatchObject({ code: 'INVALID_IMAGE', data: { file } });
    }
  });

  it.each([
    ['an empty file', new Uint8Array(0)],
    ['text', 'not an image'],
    ['a picture of another format', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['a header without a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ])('refuses %s', async (_, content) => {
    const file = write(content);
    const data = { file, hint: expect.any(String) };
    await expect(readGreyImage(file)).rejects.toMatchObject({ code: 'INVALID_IMAGE', data });
  });

  it('refuses more than 128 MiB', async () => {
    const file = write('');
    truncateSync(file, 2 ** 27 + 1);
    const hint = 'It has 129 MiB and may have 128 MiB.';
    await expect(decodePhoto(file)).rejects.toMatchObject({ code: 'INVALID_IMAGE', data: { file, hint } });
  });

  it('says which file is missing', async () => {
    const file = join(temporaryFolder(), 'missing.png');
    await expect(readGreyImage(file)).rejects.toMatchObject({ code: 'FILE_SYSTEM', data: { file } });
  });
});
