import type { OpenPicture } from './photo.ts';

const MAX_HEADER_BYTES = 4096;
/** The kind of picture and three numbers, with comments between them (netpbm, pgm(5) and ppm(5)). */
const HEADER =
  /^P([2356])(?:\s|#[^\n]*\n)+(\d{1,9})(?:\s|#[^\n]*\n)+(\d{1,9})(?:\s|#[^\n]*\n)+(\d{1,5})(?:\s|#[^\n]*\n)/;
const SPACE = 0x20;
const ZERO = 0x30;

/** Reads the header of a PGM or PPM, plain or raw, of up to 16 bits a level. @throws Error if it is damaged. */
export function openPnm(bytes: Uint8Array): OpenPicture {
  const header = HEADER.exec(Buffer.from(bytes.subarray(0, MAX_HEADER_BYTES)).toString('latin1'));
  if (header === null) throw new Error('the header is wrong');
  const [kind, width, height, maximum] = header.slice(1).map(Number);
  if (maximum < 1 || maximum > 65535) throw new Error(`levels up to ${maximum} are not possible`);
  const channels = kind === 2 || kind === 5 ? 1 : 3;
  const data = bytes.subarray(header[0].length);
  return {
    width,
    height,
    decode: () => {
      const count = channels * width * height;
      const levels = kind < 4 ? plainLevels(data, count) : rawLevels(data, count, maximum > 255 ? 2 : 1);
      const pixels = new Uint8Array(count);
      for (let i = 0; i < count; i++) {
        if (levels[i] > maximum) throw new Error(`a level is more than ${maximum}`);
        pixels[i] = Math.round((255 * levels[i]) / maximum);
      }
      return { pixels, width, height, channels };
    },
  };
}

function rawLevels(data: Uint8Array, count: number, bytes: 1 | 2): Uint8Array | Uint16Array {
  if (data.length < bytes * count) throw new Error('it ends too early');
  if (bytes === 1) return data;
  const levels = new Uint16Array(count);
  for (let i = 0; i < count; i++) levels[i] = (data[2 * i] << 8) | data[2 * i + 1];
  return levels;
}

/** Reads numbers separated by white space. */
function plainLevels(data: Uint8Array, count: number): Uint32Array {
  const levels = new Uint32Array(count);
  let read = 0;
  let value = -1;
  for (let i = 0; i <= data.length && read < count; i++) {
    const byte = i < data.length ? data[i] : SPACE;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = Math.min(10 * Math.max(value, 0) + digit, 1 << 16);
    } else if (byte !== SPACE && (byte < 0x09 || byte > 0x0d)) {
      throw new Error('a level is not a number');
    } else if (value >= 0) {
      levels[read++] = value;
      value = -1;
    }
  }
  if (read < count) throw new Error('it ends too early');
  return levels;
}
