/** Pixels as a decoder of our own gives them. */
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
  /** @throws Error where the picture ends too early. */
  decode(): RawPicture;
}
