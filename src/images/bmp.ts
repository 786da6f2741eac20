import type { OpenPicture } from './photo.ts';

const FILE_HEADER_BYTES = 14;
/** Bytes of the header of Windows; that of OS/2 is shorter. */
const MIN_HEADER_BYTES = 40;
const MASKS_AT = FILE_HEADER_BYTES + MIN_HEADER_BYTES;
const UNCOMPRESSED = 0;
const MASKED = 3;

/** Reads the colour of a pixel, 0xRRGGBB; `row` is the offset of its row in bytes. */
type ReadColour = (row: number, x: number) => number;

/**
 * Reads the header of an uncompressed bitmap of Windows (Microsoft, "Bitmap storage": BITMAPFILEHEADER, BITMAPINFOHEADER).
 * Ignores transparency.
 *
 * @throws Error if it is damaged, compressed or of OS/2.
 */
export function openBmp(bytes: Uint8Array): OpenPicture {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < MASKS_AT) throw new Error('it ends too early');
  const start = data.getUint32(10, true);
  const width = data.getInt32(18, true);
  const height = Math.abs(data.getInt32(22, true));
  const topDown = data.getInt32(22, true) < 0;
  const bits = data.getUint16(28, true);
  const readColour = colourReader(data, bits);
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  return {
    width,
    height,
    decode: () => {
      if (start + rowBytes * height > bytes.length) throw new Error('it ends too early');
      const pixels = new Uint8Array(3 * width * height);
      for (let y = 0, to = 0; y < height; y++) {
        const row = start + rowBytes * (topDown ? y : height - 1 - y);
        for (let x = 0; x < width; x++) {
          const colour = readColour(row, x);
          pixels[to++] = colour >> 16;
          pixels[to++] = colour >> 8;
          pixels[to++] = colour;
        }
      }
      return { pixels, width, height, channels: 3 };
    },
  };
}

function colourReader(data: DataView, bits: number): ReadColour {
  const headerBytes = data.getUint32(14, true);
  const compression = data.getUint32(30, true);
  if (headerBytes < MIN_HEADER_BYTES) throw new Error('bitmaps of OS/2 are not supported');
  if (compression === UNCOMPRESSED && [1, 4, 8].includes(bits)) {
    const palette = FILE_HEADER_BYTES + headerBytes;
    if (palette + 4 * (data.getUint32(46, true) || 1 << bits) > data.byteLength)
      throw new Error('it ends too early');
    return (row, x) => {
      const index = data.getUint8(row + ((x * bits) >> 3)) >> (8 - bits - ((x * bits) & 7));
      return data.getUint32(palette + 4 * (index & ((1 << bits) - 1)), true);
    };
  }
  if (compression === UNCOMPRESSED && bits === 16)
    return masked((row, x) => data.getUint16(row + 2 * x, true), [0x7c00, 0x3e0, 0x1f]);
  if (compression === UNCOMPRESSED && (bits === 24 || bits === 32)) {
    const step = bits / 8;
    return (row, x) => data.getUint16(row + step * x, true) | (data.getUint8(row + step * x + 2) << 16);
  }
  if (compression === MASKED && data.byteLength >= MASKS_AT + 12) {
    const masks = [0, 4, 8].map((at) => data.getUint32(MASKS_AT + at, true));
    if (bits === 16) return masked((row, x) => data.getUint16(row + 2 * x, true), masks);
    if (bits === 32) return masked((row, x) => data.getUint32(row + 4 * x, true), masks);
  }
  throw new Error(`bitmaps of ${bits} bits with compression ${compression} are not supported`);
}

/** Extracts red, green and blue from the bits that three masks select. */
function masked(read: ReadColour, masks: readonly number[]): ReadColour {
  const [red, green, blue] = masks.map((mask) => {
    const unit = (mask & -mask) >>> 0;
    if (unit === 0) throw new Error('a colour has no bits');
    return (value: number) => Math.round((255 * ((value & mask) >>> 0)) / mask);
  });
  return (row, x) => {
    const value = read(row, x);
    return (red(value) << 16) | (green(value) << 8) | blue(value);
  };
}
