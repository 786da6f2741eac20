import { crc32 } from 'node:zlib';

/** The metadata of evopatch's pictures hold this name, which distinguishes them from other pictures. */
export const MAKER = 'evopatch';
/** The same mark in sharp's form, for JPEG and WebP. */
export const MAKER_EXIF = { IFD0: { Software: MAKER } } as const;

const PNG_HEADER_END = 33;
const GIF_HEADER_END = 13;

/** Makes a tEXt chunk (PNG specification, third edition, 11.3.3.2). */
export function pngMark(): Buffer {
  return pngChunk('tEXt', Buffer.from(`Software\0${MAKER}`, 'latin1'));
}

/** Adds the mark to a PNG after its header. */
export function markPng(png: Uint8Array): Uint8Array {
  return Buffer.concat([png.subarray(0, PNG_HEADER_END), pngMark(), png.subarray(PNG_HEADER_END)]);
}

/** Adds the mark to a GIF as a comment (GIF89a, 24) after its header and colour table. */
export function markGif(gif: Uint8Array): Uint8Array {
  const flags = gif[10];
  const end = GIF_HEADER_END + ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  const comment = Buffer.from([0x21, 0xfe, MAKER.length, ...Buffer.from(MAKER, 'latin1'), 0]);
  return Buffer.concat([gif.subarray(0, end), comment, gif.subarray(end)]);
}

/** Finds the mark in the first and last bytes of a picture, read as Latin-1; a path in its metadata does not count. */
export function isMarked(text: string): boolean {
  return text.includes(`tEXtSoftware\0${MAKER}`) || text.includes(`${MAKER}\0`);
}

/** Makes a chunk of a PNG: length, type, data and checksum (PNG specification, third edition, 5.3). */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([bigEndian(data.length), body, bigEndian(crc32(body))]);
}

/** Encodes a number as 32 bits, the most significant byte first. */
export function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
