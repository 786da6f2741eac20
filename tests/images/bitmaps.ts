/** The colour of a pixel of the pictures below, [red, green, blue]. */
export type Colour = readonly [number, number, number];

interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  /** The number that stands for each pixel: an index of the palette, or its bits. */
  readonly valueAt: (x: number, y: number) => number;
  readonly palette?: readonly Colour[];
  readonly topDown?: boolean;
  /** Which bits are red, green and blue. */
  readonly masks?: readonly number[];
}

/** The bytes of an uncompressed bitmap of Windows. */
export function bmp({ width, height, bits, valueAt, palette = [], topDown, masks = [] }: Bitmap): Buffer {
  const start = 54 + 4 * (palette.length + masks.length);
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  const bytes = Buffer.alloc(start + rowBytes * height);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(start, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(topDown ? -height : height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(bits, 28);
  bytes.writeUInt32LE(masks.length > 0 ? 3 : 0, 30);
  bytes.writeUInt32LE(palette.length, 46);
  for (const [i, [red, green, blue]] of palette.entries()) bytes.set([blue, green, red, 0], 54 + 4 * i);
  for (const [i, mask] of masks.entries()) bytes.writeUInt32LE(mask, 54 + 4 * i);
  for (let y = 0; y < height; y++) {
    const row = start + rowBytes * (topDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const value = valueAt(x, y);
      if (bits >= 8) bytes.writeUIntLE(value, row + (x * bits) / 8, bits / 8);
      else bytes[row + ((x * bits) >> 3)] |= value << (8 - bits - ((x * bits) & 7));
    }
  }
  return bytes;
}
