import { describeValue } from '../core/describe-value.ts';
import { EvopatchError } from '../core/errors.ts';
import { type GreyImage, greyOf, type Photo, photoOf } from './photo.ts';

/** The pixels of a canvas: red, green, blue and opacity, [height][width][4]. */
export interface CanvasPixels {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/**
 * Pixels in memory: [height][width][3] in sRGB or [height][width] in grey, 0–255; or the `ImageData` of a canvas, whose
 * transparent parts become black.
 */
export type PixelSource = Photo | GreyImage | CanvasPixels;

/** The two forms of a picture: for the landmark networks, and for the face frame. */
export interface OpenImage {
  readonly photo: Photo;
  readonly grey: GreyImage;
}

/**
 * Opens pixels in memory.
 *
 * @param forms says, in the error, what a picture may be
 * @throws EvopatchError `INVALID_IMAGE` if they have none of these forms.
 */
export function openPixels(source: PixelSource, forms: string): OpenImage {
  const refuse = () =>
    new EvopatchError('INVALID_IMAGE', 'not a picture', { given: describeValue(source), hint: forms });
  if (typeof source !== 'object' || source === null) throw refuse();
  const { width, height } = source;
  const levels = 'pixels' in source ? source.pixels : source.data;
  if (typeof levels?.length !== 'number') throw refuse();
  const channels = levels.length / (width * height);
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!whole || ![1, 3, 4].includes(channels)) {
    throw new EvopatchError('INVALID_IMAGE', 'the number of pixels does not match width and height', {
      given: { width, height, levels: levels.length },
      hint: 'Give height × width grey levels, or three (RGB) or four (RGBA) times as many.',
    });
  }
  checkLevels(levels);
  const size = 'original' in source ? { width, height, original: source.original } : { width, height };
  if (channels === 1) {
    const grey = { pixels: levels, ...size };
    return { grey, photo: photoOf(grey) };
  }
  if (channels === 3 && levels instanceof Uint8Array && 'pixels' in source) return ofPhoto(source as Photo);
  return ofPhoto({ pixels: channels === 3 ? bytesOf(levels) : flatten(levels), ...size });
}

function checkLevels(levels: ArrayLike<number>): void {
  if (levels instanceof Uint8Array || levels instanceof Uint8ClampedArray) return;
  let largest = 0;
  let fractions = false;
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i];
    if (!(level >= 0 && level <= 255)) {
      const hint = 'A level is a number from 0 to 255.';
      throw new EvopatchError('INVALID_IMAGE', 'not a level of a pixel', { given: String(level), hint });
    }
    largest = Math.max(largest, level);
    fractions ||= !Number.isInteger(level);
  }
  if (!fractions || largest > 1) return;
  const problem = 'the pixel levels are fractions of 1';
  throw new EvopatchError('INVALID_IMAGE', problem, {
    hint: 'Multiply them by 255: levels go from 0 to 255.',
  });
}

function bytesOf(levels: ArrayLike<number>): Uint8Array {
  return levels instanceof Uint8Array ? levels : Uint8Array.from(Uint8ClampedArray.from(levels));
}

/** Composes red, green and blue over black, as `decodePhoto` flattens a transparent image. */
function flatten(levels: ArrayLike<number>): Uint8Array {
  const pixels = new Uint8Array((3 * levels.length) / 4);
  for (let from = 0, to = 0; from < levels.length; from += 4) {
    const opacity = levels[from + 3];
    for (let channel = 0; channel < 3; channel++) {
      pixels[to++] = Math.floor((levels[from + channel] * opacity) / 255 + 0.5);
    }
  }
  return pixels;
}

/** Gives both forms of a photo. */
export function ofPhoto(photo: Photo): OpenImage {
  return { photo, grey: greyOf(photo) };
}
