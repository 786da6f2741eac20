export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface Picture extends PictureSize {
  /**
   * The size of the picture before it was reduced, if it was. All coordinates on a picture, such as boxes and landmarks, are in
   * pixels of the original.
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

/** Gives the size that coordinates on a picture refer to. */
export function originalSize({ width, height, original }: Picture): PictureSize {
  return original ?? { width, height };
}

/** Gives the width of a pixel of the picture in pixels of the original: 1 if it was not reduced. */
export function reductionOf(picture: Picture): number {
  return originalSize(picture).width / picture.width;
}

/**
 * Computes the luma of a photo (ITU-R BT.601: 0.299 red + 0.587 green + 0.114 blue) in 65,536ths, rounded half up: the same bytes
 * on every machine, and a grey photo keeps its levels.
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

/** Makes a photo whose three channels are the grey levels. */
export function photoOf({ pixels: grey, width, height, original }: GreyImage): Photo {
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0, to = 0; to < pixels.length; i++) {
    pixels[to++] = grey[i];
    pixels[to++] = grey[i];
    pixels[to++] = grey[i];
  }
  return { pixels, width, height, ...(original && { original }) };
}

/** The pixels from one of our own decoders. */
export interface RawPicture {
  /** [height][width][channels], 0–255. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** A picture whose header has been read. */
export interface OpenPicture {
  readonly width: number;
  readonly height: number;
  /** @throws Error if the picture ends too early. */
  decode(): RawPicture;
}
