import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import { noisePicture } from './noise.ts';

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = Buffer.from([0xff, 0xda]);

const draw = (options: JpegOptions) => noisePicture(160, 120).jpeg(options).toBuffer();

/** Made as by some phones: the scan of a baseline JPEG claims one coefficient of a progressive one. */
function withOddScan(bytes: Buffer): Buffer {
  const scan = bytes.indexOf(START_OF_SCAN);
  const odd = Buffer.from(bytes);
  odd[scan + 2 + bytes.readUInt16BE(scan + 2) - 2] = 0;
  return odd;
}

/** Adds an end marker, as a server or a repair tool does to a truncated download. */
const half = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, bytes.length >> 1), END_OF_IMAGE]);

const withJunk = (bytes: Buffer, length: number) =>
  Buffer.concat([bytes.subarray(0, -2), Buffer.alloc(length, 1), END_OF_IMAGE]);

const KINDS: readonly (readonly [string, JpegOptions])[] = [
  ['baseline', {}],
  ['progressive', { progressive: true }],
  ['full colour', { chromaSubsampling: '4:4:4' }],
  ['optimised', { mozjpeg: true }],
];
const refused = { name: 'EvopatchError', code: 'INVALID_IMAGE', problem: expect.stringContaining('damaged') };

describe.each(KINDS)('a %s JPEG', (_, options) => {
  it('that ends half-way is refused, even with an end marker', async () => {
    const bytes = await draw(options);
    await expect(decodePhoto(half(bytes))).rejects.toMatchObject(refused);
    await expect(decodePhoto(bytes.subarray(0, -40))).rejects.toMatchObject(refused);
  });

  it('with a few bytes too many is read', async () => {
    const bytes = await draw(options);
    const expected = await decodePhoto(bytes);
    expect(await decodePhoto(withJunk(bytes, 20))).toEqual(expected);
    expect(await decodePhoto(Buffer.concat([bytes, Buffer.from('a trailer of a camera')]))).toEqual(expected);
  });
});

it.each(['baseline', 'progressive'])(
  'a %s JPEG with a hole of zeros, as of a download that broke off, is refused',
  async (kind) => {
    const bytes = await draw({ progressive: kind === 'progressive' });
    bytes.fill(0, bytes.length >> 1, bytes.length - 2);
    await expect(decodePhoto(bytes)).rejects.toMatchObject(refused);
  },
);

it('an odd scan header, which leaves every pixel there, is read, and half of it is refused', async () => {
  const bytes = await draw({});
  const odd = withOddScan(bytes);
  await expect(sharp(odd, { failOn: 'warning' }).raw().toBuffer()).rejects.toThrow('Invalid SOS');
  expect(await decodePhoto(odd)).toEqual(await decodePhoto(bytes));
  await expect(decodePhoto(half(odd))).rejects.toMatchObject(refused);
});

it('files that are decoded concurrently do not get one another’s warnings', async () => {
  const bytes = await draw({});
  const [odd, broken] = [withOddScan(bytes), half(withOddScan(bytes))];
  const decoded = await Promise.allSettled(
    Array.from({ length: 24 }, (_, i) => decodePhoto(i % 3 === 0 ? broken : odd)),
  );
  expect(decoded.map(({ status }) => status)).toEqual(
    decoded.map((_, i) => (i % 3 === 0 ? 'rejected' : 'fulfilled')),
  );
});
