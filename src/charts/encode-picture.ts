import { EvopatchError } from '../core/errors.ts';
import { loadSharp } from '../core/packages.ts';
import { MAKER_EXIF } from './mark.ts';

/** Formats of a picture, by the ending of its file. */
export const PICTURE_ENDINGS = ['png', 'jpg', 'jpeg', 'webp'] as const;
export type PictureEnding = (typeof PICTURE_ENDINGS)[number];

/** Pixels of the longest side that the format can have. */
const MAX_SIDE = { jpg: 65_535, jpeg: 65_535, webp: 16_383 } as const;

/**
 * A picture in the format that an ending stands for. A JPEG keeps all colour pixels, for the sake of text.
 *
 * @param png its bytes as a PNG, opaque
 * @throws EvopatchError `INVALID_IMAGE` where the format has no pictures as large
 */
export async function encodePicture(png: Uint8Array, ending: PictureEnding): Promise<Uint8Array> {
  if (ending === 'png') return png;
  const sharp = loadSharp();
  const picture = sharp(png, { limitInputPixels: false }).withExif(MAKER_EXIF);
  const { width, height } = await picture.metadata();
  if (Math.max(width, height) > MAX_SIDE[ending]) {
    const problem = `a picture of ${width}×${height} pixels is too large for .${ending}`;
    throw new EvopatchError('INVALID_IMAGE', problem, { hint: 'Draw into a .png' });
  }
  if (ending === 'webp') return await picture.webp({ quality: 90 }).toBuffer();
  return await picture.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
}
