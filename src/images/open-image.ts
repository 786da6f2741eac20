import { decodePhoto } from './decode-photo.ts';
import { type OpenImage, ofPhoto, openPixels, type PixelSource } from './open-pixels.ts';

/**
 * A picture: a file; the bytes of one in any format that `decodePhoto` reads; pixels, [height][width][3] in sRGB or
 * [height][width] in grey, 0–255; or the `ImageData` of a canvas, whose transparent parts become black.
 */
export type ImageSource = string | Uint8Array | ArrayBuffer | PixelSource;

const SOURCES =
  "A picture is a file's path, the bytes of an image file, { pixels, width, height } with 3 or 1 levels a pixel, or the ImageData of a canvas.";

/** @throws EvopatchError `INVALID_IMAGE` if it cannot be decoded or has none of these forms; `FILE_SYSTEM`. */
export async function openImage(source: ImageSource): Promise<OpenImage> {
  if (typeof source === 'string' || source instanceof Uint8Array) return ofPhoto(await decodePhoto(source));
  if (source instanceof ArrayBuffer) return ofPhoto(await decodePhoto(new Uint8Array(source)));
  return openPixels(source, SOURCES);
}
