import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { AnimationFrame } from '../../src/charts/apng.ts';
import { encodeAnimation } from '../../src/charts/encode-animation.ts';

async function picture(width: number, background: string, milliseconds: number): Promise<AnimationFrame> {
  const png = await sharp({ create: { width, height: 20, channels: 4, background } })
    .png()
    .toBuffer();
  return { png, milliseconds };
}

const frames = () =>
  Promise.all([picture(30, '#f00', 50), picture(40, '#0f0', 120), picture(40, '#00f', 80)]);

test.each(['gif', 'webp'] as const)('a %s has all pictures, their times and one width', async (format) => {
  const bytes = await encodeAnimation(await frames(), format);
  const { pages, width, height, delay, loop } = await sharp(bytes).metadata();
  expect({ pages, width, height, delay, loop }).toEqual({
    ...{ pages: 3, width: 40, height: 20, loop: 0 },
    delay: [50, 120, 80],
  });
  const first = await sharp(bytes, { page: 0 }).removeAlpha().raw().toBuffer();
  const near = (x: number, colour: readonly number[]) =>
    colour.forEach((level, k) => {
      expect(Math.abs(first[3 * x + k] - level)).toBeLessThan(20);
    });
  near(10, [255, 0, 0]);
  near(36, [42, 42, 45]); // filled up
});

test.each(['png', 'apng'] as const)('an animated PNG for .%s', async (format) => {
  const bytes = Buffer.from(await encodeAnimation(await frames(), format));
  const control = bytes.indexOf('acTL');
  expect(bytes.readUInt32BE(control + 4)).toBe(3);
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 40, height: 20 });
});

test('of a single picture', async () => {
  const bytes = await encodeAnimation([await picture(30, '#f00', 50)], 'gif');
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'gif', width: 30, height: 20 });
});
