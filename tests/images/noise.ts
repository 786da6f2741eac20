import sharp, { type Sharp } from 'sharp';

/** A picture that no encoder makes small, always the same. */
export function noisePicture(width: number, height: number): Sharp {
  let state = 1;
  const pixels = Uint8Array.from({ length: 3 * width * height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    return 64 + (state >>> 25);
  });
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
