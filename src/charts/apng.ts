import { bigEndian, pngChunk, pngMark } from './mark.ts';

/** One picture of an animation. */
export interface AnimationFrame {
  /** The bytes of a PNG; all frames of an animation have the same size and kind of pixels. */
  readonly png: Uint8Array;
  readonly milliseconds: number;
}

const SIGNATURE = 8;
const SIZE_IN_HEADER = 8;

/**
 * Encodes an animated PNG that repeats for ever: puts the compressed pixels of the pictures, unchanged, between the chunks
 * of an animation (PNG specification, third edition, 11.3.6). Programs without animations show the first picture.
 *
 * @param frames at least one
 */
export function encodeApng(frames: readonly AnimationFrame[]): Uint8Array {
  const [{ png: first }] = frames;
  const header = chunksOf(first, 'IHDR')[0];
  const size = header.subarray(0, SIZE_IN_HEADER);
  const control = Buffer.alloc(8); // 0 repetitions mean for ever
  control.writeUInt32BE(frames.length);
  const parts = [
    Buffer.from(first.subarray(0, SIGNATURE)),
    pngChunk('IHDR', header),
    pngMark(),
    pngChunk('acTL', control),
  ];
  let sequence = 0;
  for (const [index, { png, milliseconds }] of frames.entries()) {
    if (!chunksOf(png, 'IHDR')[0].equals(header)) throw new RangeError('the pictures are of different sizes');
    parts.push(pngChunk('fcTL', frameControl(sequence++, size, milliseconds)));
    for (const data of chunksOf(png, 'IDAT')) {
      if (index === 0) parts.push(pngChunk('IDAT', data));
      else parts.push(pngChunk('fdAT', Buffer.concat([bigEndian(sequence++), data])));
    }
  }
  return Buffer.concat([...parts, pngChunk('IEND', Buffer.alloc(0))]);
}

/** Describes a frame that replaces the whole previous one. */
function frameControl(sequence: number, size: Uint8Array, milliseconds: number): Buffer {
  const control = Buffer.alloc(26);
  control.writeUInt32BE(sequence);
  control.set(size, 4); // offsets of 0 follow
  control.writeUInt16BE(Math.min(Math.round(milliseconds), 0xffff), 20);
  control.writeUInt16BE(1000, 22);
  return control;
}

/** Finds the contents of all chunks of a type. */
function chunksOf(png: Uint8Array, type: string): Buffer[] {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.length);
  const found: Buffer[] = [];
  for (let offset = SIGNATURE; offset < bytes.length; ) {
    const length = bytes.readUInt32BE(offset);
    if (bytes.toString('latin1', offset + 4, offset + 8) === type)
      found.push(bytes.subarray(offset + 8, offset + 8 + length));
    offset += length + 12;
  }
  return found;
}
