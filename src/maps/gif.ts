import type { AnimationFrame } from '../charts/apng.ts';

/** An animated GIF that repeats for ever: 256 colours for all of its pictures. */
export async function encodeGif(frames: readonly AnimationFrame[]): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp'); // 20 MB of native code that other maps do without
  const pictures = frames.map(({ png }) => Buffer.from(png));
  return await sharp(pictures, { join: { animated: true } })
    .gif({ delay: frames.map(({ milliseconds }) => Math.round(milliseconds)), loop: 0, dither: 0.5 })
    .toBuffer();
}
