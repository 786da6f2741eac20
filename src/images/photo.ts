/** Grey levels row by row, [height][width], 0–255. */
export interface GreyImage {
  readonly pixels: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** A picture in sRGB, row by row, [height][width][3]. */
export interface Photo {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * The luma of a photo (ITU-R BT.601: 0.299 red + 0.587 green + 0.114 blue) in 65,536ths, rounded half up: the same bytes on
 * every machine, and a grey photo keeps its levels.
 */
export function greyOf({ pixels, width, height }: Photo): GreyImage & { readonly pixels: Uint8Array } {
  const grey = new Uint8Array(width * height);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    grey[i] = (19595 * pixels[from] + 38470 * pixels[from + 1] + 7471 * pixels[from + 2] + 32768) >> 16;
  }
  return { pixels: grey, width, height };
}

/** A photo whose three channels are the grey levels. */
export function photoOf({ pixels: grey, width, height }: GreyImage): Photo {
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0, to = 0; to < pixels.length; i++) {
    pixels[to++] = grey[i];
    pixels[to++] = grey[i];
    pixels[to++] = grey[i];
  }
  return { pixels, width, height };
}
