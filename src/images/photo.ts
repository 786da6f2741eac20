export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface Picture extends PictureSize {
  /**
   * The size before the picture was reduced, where it was. Boxes, landmarks and whatever else lies on a picture are in pixels
   * of the original.
   */
  readonly original?: PictureSize;
}

/** Grey levels row by row, [height][width], 0–255. */
export interface GreyImage extends Picture {
  readonly pixels: ArrayLike<number>;
}

/** A picture in sRGB, row by row, [height][width][3]. */
export interface Photo extends Picture {
  readonly pixels: Uint8Array;
}

/** The size that coordinates on a picture refer to. */
export function originalSize({ width, height, original }: Picture): PictureSize {
  return original ?? { width, height };
}

/** Pixels of the original, across, that a pixel of the picture stands for: 1 where it was not reduced. */
export function reductionOf(picture: Picture): number {
  return originalSize(picture).width / picture.width;
}

/**
 * The luma of a photo (ITU-R BT.601: 0.299 red + 0.587 green + 0.114 blue) in 65,536ths, rounded half up: the same bytes on
 * every machine, and a grey photo keeps its levels.
 */
export function greyOf({
  pixels,
  width,
  height,
  original,
}: Photo): GreyImage & { readonly pixels: Uint8Array } {
  const grey = new Uint8Array(width * height);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    grey[i] = (19595 * pixels[from] + 38470 * pixels[from + 1] + 7471 * pixels[from + 2] + 32768) >> 16;
  }
  return { pixels: grey, width, height, ...(original && { original }) };
}

/** A photo whose three channels are the grey levels. */
export function photoOf({ pixels: grey, width, height, original }: GreyImage): Photo {
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0, to = 0; to < pixels.length; i++) {
    pixels[to++] = grey[i];
    pixels[to++] = grey[i];
    pixels[to++] = grey[i];
  }
  return { pixels, width, height, ...(original && { original }) };
}
