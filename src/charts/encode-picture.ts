import { EvopatchError } from '../core/errors.ts';
import { loadSharp } from '../core/packages.ts';
import { MAKER_EXIF } from './mark.ts';

/** Endings of picture files, each of which names a format. */
export const PICTURE_ENDINGS = ['png', 'jpg', 'jpeg', 'webp'] as const;
export type PictureEnding = (typeof PICTURE_ENDINGS)[number];

/** Maximum side that a format allows, pixels. */
const MAX_SIDE = { jpg: 65_535, jpeg: 65_535, webp: 16_383 } as const;

/**
 * Encodes a picture in the format of a file's ending. JPEG keeps colour at full resolution, so that text stays sharp.
 *
 * @param png the bytes of an opaque PNG
 * @throws EvopatchError `INVALID_IMAGE` if the picture is too large for the format
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
