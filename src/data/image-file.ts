import { type FileHandle, open } from 'node:fs/promises';
import { EvopatchError } from '../core/errors.ts';
import { fileSystemError } from '../core/file-system-error.ts';

/** Grey levels row by row. */
export interface DecodedImage {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const MOST_BYTES = 32 * 2 ** 20;
const MOST_PIXELS = 16_000_000;
const MAGIC = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
];

/**
 * Decodes a PNG or JPEG to 8-bit grey, turned upright by its EXIF orientation; transparent parts become black. The
 * grey levels are those of the installed build of libvips.
 *
 * @throws EvopatchError `INVALID_IMAGE` for a file of more than 32 MiB, an image of more than 16 megapixels, another
 * format, or a truncated or damaged image; `FILE_SYSTEM` where the file cannot be read.
 */
export async function readGreyImage(file: string): Promise<DecodedImage> {
  const bytes = await readWhole(file);
  if (bytes.length === 0) throw invalid('the image file is empty', file, 'Replace or remove it.');
  if (!MAGIC.some((magic) => magic.every((byte, i) => bytes[i] === byte))) {
    throw invalid('neither a PNG nor a JPEG', file, 'Convert the image; its name alone does not count.');
  }
  const { default: sharp } = await import('sharp'); // 20 MB of native code that csv files do without
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .autoOrient()
      .flatten({ background: '#000' })
      .toColourspace('b-w')
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
    if (size > MOST_BYTES) {
      throw invalid('the image file is too large', file, `It may have ${MOST_BYTES} bytes.`);
    }
    return await handle.readFile();
  } catch (cause) {
    throw cause instanceof EvopatchError ? cause : fileSystemError('cannot read the image', file, cause);
  } finally {
    await handle?.close();
  }
}

function invalid(problem: string, file: string, hint: string, cause?: unknown): EvopatchError {
  return new EvopatchError('INVALID_IMAGE', problem, { file, hint }, cause);
}
