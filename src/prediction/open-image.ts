import { EvopatchError } from '../core/errors.ts';
import { decodePhoto } from '../images/decode-photo.ts';
import { type GreyImage, greyOf, type Photo, photoOf } from '../images/photo.ts';

/** A picture: a file, the bytes of a PNG, JPEG or WebP, or pixels, [height][width][3] or grey, [height][width]. */
export type ImageSource = string | Uint8Array | Photo | GreyImage;

/** The two forms of a picture: for the landmark networks, and for the face frame. */
export interface OpenImage {
  readonly photo: Photo;
  readonly grey: GreyImage;
}

/** @throws EvopatchError `INVALID_IMAGE` where it cannot be decoded or its sizes do not fit; `FILE_SYSTEM`. */
export async function openImage(source: ImageSource): Promise<OpenImage> {
  if (typeof source === 'string' || source instanceof Uint8Array) return ofPhoto(await decodePhoto(source));
  const { pixels, width, height } = source;
  const count = width * height;
  const whole = Number.isSafeInteger(count) && Number.isInteger(width) && width > 0 && height > 0;
  if (whole && pixels.length === count) return { grey: source, photo: photoOf(source) };
  if (whole && pixels.length === 3 * count) return ofPhoto(source as Photo);
  throw new EvopatchError('INVALID_IMAGE', 'the number of pixels does not fit width and height', {
    given: { width, height, pixels: pixels?.length },
    hint: 'Give height × width grey levels, or three times as many for colours.',
  });
}

function ofPhoto(photo: Photo): OpenImage {
  return { photo, grey: greyOf(photo) };
}
