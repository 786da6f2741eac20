import { type FileHandle, open } from 'node:fs/promises';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';
import type { Photo } from './photo.ts';

const MOST_BYTES = 32 * 2 ** 20;
const MOST_PIXELS = 16_000_000;
/** What the first bytes of a file look like; −1 stands for any byte. */
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
  const file = typeof source === 'string' ? source : undefined;
  const bytes = typeof source === 'string' ? await readWhole(source) : source;
  if (bytes.length === 0) throw invalid('the image file is empty', file, 'Replace or remove it.');
  if (bytes.length > MOST_BYTES) throw tooManyBytes(file);
  if (!MAGIC.some((magic) => magic.every((byte, i) => byte < 0 || bytes[i] === byte))) {
    throw invalid('not a PNG, JPEG or WebP', file, 'Convert the image; its name alone does not count.');
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
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    const large = reason.includes('pixel limit');
    const hint = large
      ? `An image may have ${MOST_PIXELS} pixels: shrink it.`
      : 'Replace or remove the image.';
    throw invalid(large ? 'the image is too large' : `the image is damaged: ${reason}`, file, hint, cause);
  }
}

/** Reads through one handle, so that the file that is measured is the file that is read. */
async function readWhole(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > MOST_BYTES) throw tooManyBytes(file);
    return await handle.readFile();
  } catch (cause) {
    throw cause instanceof EvopatchError ? cause : fileSystemError('cannot read the image', file, cause);
  } finally {
    await handle?.close();
  }
}

function tooManyBytes(file: string | undefined): EvopatchError {
  return invalid('the image file is too large', file, `It may have ${MOST_BYTES} bytes.`);
}

function invalid(problem: string, file: string | undefined, hint: string, cause?: unknown): EvopatchError {
  return new EvopatchError('INVALID_IMAGE', problem, { file, hint }, cause);
}
