import type { FileHandle } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { openFile } from '../core/open-file.ts';
import { loadSharp } from '../core/packages.ts';
import { isWholeGif } from './damage.ts';
import { damagedImage, type ImageFile, invalidImage, MAX_PIXELS, readImageFile } from './image-file.ts';
import type { Photo } from './photo.ts';
import { pictureFormat } from './picture-formats.ts';

/** A picture of an animation. */
export interface TimedPhoto extends Photo {
  /** Duration of the picture. */
  readonly milliseconds: number;
}

/** An animated image that decodes its pictures on demand. */
export interface Animation {
  readonly width: number;
  readonly height: number;
  /** Duration of each picture. */
  readonly milliseconds: readonly number[];
  /** @throws EvopatchError `INVALID_IMAGE` if a picture is damaged. */
  photos(): AsyncGenerator<TimedPhoto, void, undefined>;
}

const MAX_PICTURES = 3000;
const MAX_TOTAL_PIXELS = 256_000_000;
/** Pixels to decode in one pass; each pass also decodes everything before it. */
const PASS_PIXELS = 32_000_000;
/** Duration of a picture that does not state one. */
const DEFAULT_MILLISECONDS = 100;

/** Offset of the flags of a WebP, after the name of its extended header. */
const WEBP_FLAGS = 20;
const WEBP_ANIMATED = 2;

/**
 * Decodes the pictures of an animated GIF or WebP one after the other, as `decodePhoto` does, with their durations.
 *
 * @param source a file, or the bytes of one
 * @throws EvopatchError `INVALID_IMAGE` for another format, more than 128 MiB, 3,000 pictures, 16 megapixels in one of them or
 * 256 in all, or a truncated or damaged file; `FILE_SYSTEM`.
 */
export async function* animationFrames(
  source: string | Uint8Array,
): AsyncGenerator<TimedPhoto, void, undefined> {
  yield* (await openAnimation(source)).photos();
}

/** Tests by its first bytes whether a file is an animated GIF or WebP; false for an unreadable file. */
export async function isAnimation(file: string): Promise<boolean> {
  let handle: FileHandle | undefined;
  try {
    handle = await openFile(file);
    const bytes = new Uint8Array(WEBP_FLAGS + 1);
    await handle.read(bytes, 0, bytes.length, 0);
    return isAnimated(bytes);
  } catch {
    return false;
  } finally {
    await handle?.close();
  }
}

/** Opens an animated image without decoding it. @throws EvopatchError as `animationFrames` */
export async function openAnimation(source: string | Uint8Array): Promise<Animation> {
  const image = await readImageFile(source);
  const { bytes, file } = image;
  if (!isAnimated(bytes)) {
    const hint = 'Convert it; of an animated PNG only the first picture can be read.';
    throw invalidImage('not an animated GIF or WebP', file, hint);
  }
  if (pictureFormat(bytes) === 'GIF' && !isWholeGif(bytes)) {
    throw invalidImage('the animation is truncated', file, 'Replace or remove it.');
  }
  const { width, height, pages = 1, delay = [] } = await metadataOf(image);
  const pixels = width * height;
  if (pixels > MAX_PIXELS) {
    const hint = `Its pictures have ${width}×${height} pixels and may have ${MAX_PIXELS / 1e6} megapixels: shrink it.`;
    throw invalidImage('the image is too large', file, hint);
  }
  if (pages > MAX_PICTURES || pages * pixels > MAX_TOTAL_PIXELS) {
    const maximum = Math.min(MAX_PICTURES, Math.floor(MAX_TOTAL_PIXELS / pixels));
    const hint = `It has ${pages}; with ${width}×${height} pixels it may have ${maximum}: shorten or shrink it.`;
    throw invalidImage('the animation has too many pictures', file, hint);
  }
  const milliseconds = Array.from({ length: pages }, (_, page) => delay[page] ?? DEFAULT_MILLISECONDS);
  const atOnce = Math.max(1, Math.floor(PASS_PIXELS / pixels));
  const photos = async function* () {
    for (let first = 0; first < pages; first += atOnce) {
      const count = Math.min(atOnce, pages - first);
      const decoded = await decodePages(image, first, count);
      for (let i = 0; i < count; i++) {
        const own = decoded.subarray(3 * pixels * i, 3 * pixels * (i + 1));
        yield { pixels: own, width, height, milliseconds: milliseconds[first + i] };
      }
    }
  };
  return { width, height, milliseconds, photos };
}

function isAnimated(bytes: Uint8Array): boolean {
  const format = pictureFormat(bytes);
  if (format !== 'WebP') return format === 'GIF';
  const extended = Buffer.from(bytes.subarray(12, 16)).toString('latin1') === 'VP8X';
  return extended && (bytes[WEBP_FLAGS] & WEBP_ANIMATED) !== 0;
}

async function metadataOf({ bytes, file }: ImageFile): Promise<Metadata> {
  const sharp = loadSharp();
  try {
    return await sharp(bytes, { failOn: 'error' }).metadata();
  } catch (cause) {
    throw damagedImage(file, cause);
  }
}

/** Decodes some pictures, one below the other. */
async function decodePages({ bytes, file }: ImageFile, page: number, pages: number): Promise<Uint8Array> {
  const sharp = loadSharp();
  try {
    return await sharp(bytes, { page, pages, limitInputPixels: PASS_PIXELS, failOn: 'error' })
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
  } catch (cause) {
    throw damagedImage(file, cause);
  }
}
