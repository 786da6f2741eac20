import type { Sharp, WebpOptions } from 'sharp';
import { loadSharp } from '../core/packages.ts';
import { type AnimationFrame, encodeApng } from './apng.ts';
import { MAKER_EXIF, markGif } from './mark.ts';

/** Formats of an animation; png is an animated PNG. */
export const ANIMATION_FORMATS = ['gif', 'webp', 'png', 'apng'] as const;
export type AnimationFormat = (typeof ANIMATION_FORMATS)[number];

const WEBP: WebpOptions = { quality: 85, effort: 2 };
/** Pads pictures that are narrower than others. */
const BESIDE = '#2a2a2d';
const WIDTH_IN_PNG = 16;

/**
 * Encodes an animation of photos that repeats for ever.
 *
 * @param pictures at least one, all of one height; narrower ones are padded on the right
 */
export async function encodeAnimation(
  pictures: readonly AnimationFrame[],
  format: AnimationFormat,
): Promise<Uint8Array> {
  const frames = await padWidths(pictures);
  // More effort takes three times as long and saves a tenth of the bytes.
  if (format === 'gif') return await encodeGif(frames, { effort: 1 });
  if (format === 'webp')
    return await (await join(frames)).withExif(MAKER_EXIF).webp(withTimes(frames, WEBP)).toBuffer();
  return encodeApng(frames);
}

/** Encodes an animated GIF that repeats for ever. Its pictures share one palette of 256 colours if that is enough. */
export async function encodeGif(
  frames: readonly AnimationFrame[],
  options: { readonly effort?: number } = {},
): Promise<Uint8Array> {
  return markGif(await (await join(frames)).gif(withTimes(frames, { dither: 0.5, ...options })).toBuffer());
}

async function padWidths(frames: readonly AnimationFrame[]): Promise<AnimationFrame[]> {
  const widths = frames.map(({ png }) => new DataView(png.buffer, png.byteOffset).getUint32(WIDTH_IN_PNG));
  const widest = Math.max(...widths);
  return await Promise.all(
    frames.map(async (frame, i) => {
      if (widths[i] === widest) return frame;
      const sharp = loadSharp();
      const wider = sharp(frame.png).extend({ right: widest - widths[i], background: BESIDE });
      return { ...frame, png: await wider.png().toBuffer() };
    }),
  );
}

async function join(frames: readonly AnimationFrame[]): Promise<Sharp> {
  const sharp = loadSharp();
  const pictures = frames.map(({ png }) => Buffer.from(png.buffer, png.byteOffset, png.length));
  if (pictures.length === 1) return sharp(pictures[0]);
  return sharp(pictures, { join: { animated: true }, limitInputPixels: false });
}

function withTimes<Options>(frames: readonly AnimationFrame[], options: Options) {
  return { ...options, delay: frames.map(({ milliseconds }) => Math.round(milliseconds)), loop: 0 };
}
