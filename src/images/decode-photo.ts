import { beginsWith, damagedImage, invalidImage, MOST_PIXELS, readImageFile } from './image-file.ts';
import type { Photo } from './photo.ts';

/** What the first bytes of a file look like. */
const MAGIC = [
  [0x89, 0x50, 0x4e, 0x47], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x52, 0x49, 0x46, 0x46, -1, -1, -1, -1, 0x57, 0x45, 0x42, 0x50], // WebP
];

/** Names of files that are taken for photos. */
export const PHOTO_NAME = /\.(png|jpe?g|webp)$/i;

/**
 * Decodes a PNG, JPEG or WebP to 8-bit sRGB, turned upright by its EXIF orientation. Of an animation that is the first
 * picture; transparent parts become black; 16 bits become 8. The bytes are those of the installed build of libvips.
 *
 * @param source a file, or the bytes of one.
 * @throws EvopatchError `INVALID_IMAGE` for more than 32 MiB or 16 megapixels, another format, or a truncated or damaged
 * image; `FILE_SYSTEM` where the file cannot be read.
 */
export async function decodePhoto(source: string | Uint8Array): Promise<Photo> {
  const { bytes, file } = await readImageFile(source);
  if (!MAGIC.some((magic) => beginsWith(bytes, magic))) {
    const hint = 'Convert the image; its name alone does not count.';
    throw invalidImage('not a PNG, JPEG or WebP', file, hint);
  }
  const { default: sharp } = await import('sharp'); // 20 MB of native code that csv files do without
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
