import { createRequire } from 'node:module';
import sharp from 'sharp';
import { decodePhoto } from '../../src/images/decode-photo.ts';
import type { Photo } from '../../src/images/photo.ts';

/** A photo of several people that comes with face-api; 1 and 3 show three faces. */
export function sampleFile(number: number): string {
  return createRequire(import.meta.url).resolve(`face-api.js/demo/sample${number}.jpg`);
}

/** Such a photo, its longer side made 640 pixels. */
export async function samplePhoto(number: number): Promise<Photo> {
  return decodePhoto(await sharp(sampleFile(number)).resize(640, 640, { fit: 'inside' }).png().toBuffer());
}

/** A photo without anything on it. */
export function emptyPhoto(width: number, height: number, level = 128): Photo {
  return { pixels: new Uint8Array(3 * width * height).fill(level), width, height };
}

/** The photo as seen by a camera that moved: by whole pixels, the outermost ones repeated. */
export function shifted({ pixels, width, height }: Photo, right: number, down: number): Photo {
  const moved = new Uint8Array(pixels.length);
  for (let y = 0; y < height; y++) {
    const row = Math.min(Math.max(y - down, 0), height - 1);
    for (let x = 0; x < width; x++) {
      const column = Math.min(Math.max(x - right, 0), width - 1);
      const from = 3 * (row * width + column);
      moved.set(pixels.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  return { pixels: moved, width, height };
}

/** Part of a photo. */
export function cut(photo: Photo, x: number, y: number, width: number, height: number): Photo {
  const pixels = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    const start = 3 * ((y + row) * photo.width + x);
    pixels.set(photo.pixels.subarray(start, start + 3 * width), 3 * row * width);
  }
  return { pixels, width, height };
}
