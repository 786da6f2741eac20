import { loadSharp } from '../core/packages.ts';
import { beginsWith, damagedImage, invalidImage, MOST_PIXELS, readImageFile } from './image-file.ts';
import type { Photo } from './photo.ts';
import { PICTURE_FORMAT_NAMES, PICTURE_FORMATS } from './picture-formats.ts';

/**
 * Decodes a JPEG, PNG, WebP, GIF, TIFF or AVIF to 8-bit sRGB, turned upright by its EXIF orientation. Of an animation that is the first
 * picture; transparent parts become black; 16 bits become 8. The bytes are those of the installed build of libvips.
 *
 * @param source a file, or the bytes of one.
 * @throws EvopatchError `INVALID_IMAGE` for more than 32 MiB or 16 megapixels, another format, or a truncated or damaged
 * image; `FILE_SYSTEM` where the file cannot be read.
 */
export async function decodePhoto(source: string | Uint8Array): Promise<Photo> {
  const { bytes, file } = await readImageFile(source);
  if (!PICTURE_FORMATS.some(({ magic }) => magic.some((start) => beginsWith(bytes, start)))) {
    const hint = 'Convert the image; its name alone does not count.';
    throw invalidImage(`not a ${PICTURE_FORMAT_NAMES}`, file, hint);
  }
  const sharp = loadSharp();
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .autoOrient()
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: data, width: info.width, height: info.height };
  } catch (cause) {
    throw damagedImage(file, cause);
  }
}
