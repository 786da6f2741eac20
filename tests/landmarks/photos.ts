import { randomStream } from '../../src/core/random.ts';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import type { Photo } from '../../src/images/photo.ts';

/** Photos of the face-api package, 1920 pixels wide, and how many people each shows. */
export const PEOPLE = [3, 3, 3, 4, 5, 4];

export function samplePhoto(number: number): Promise<Photo> {
  return decodePhoto(`node_modules/face-api.js/demo/sample${number}.jpg`);
}

export function noise(width: number, height: number, seed = 'noise'): Photo {
  const random = randomStream(seed);
  const pixels = Uint8Array.from({ length: 3 * width * height }, () => random.integer(0, 255));
  return { pixels, width, height };
}

/** Hills under a sky. */
export function landscape(width: number, height: number): Photo {
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      const hill = height * (0.6 + 0.1 * Math.sin((7 * x) / width));
      pixels.set(y < hill ? [120, 160, 200 + Math.floor((50 * y) / height)] : [40, 110 + (x % 40), 30], i);
    }
  }
  return { pixels, width, height };
}
