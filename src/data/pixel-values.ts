import { EvopatchError } from '../core/errors.ts';

/** Sides of the square pictures of a csv of pixels. */
const MIN_SIDE = 16;
const MAX_SIDE = 1000;
/** Four characters for each pixel, and as much again for the other columns. */
export const MAX_PIXEL_LINE = 2 ** 22;

const SPACE = 0x20;
const ZERO = 0x30;
/** Separators of the numbers: white space and commas between them, brackets around them. */
const SEPARATORS: ReadonlySet<number> = new Set([...' \t,;[]'].map((character) => character.charCodeAt(0)));

/**
 * Parses grey levels: whole numbers from 0 to 255; `undefined` for any other text.
 *
 * It scans the bytes directly, because making strings of them takes three times as long.
 */
export function scanPixels(text: Uint8Array): Uint8Array | undefined {
  const pixels = new Uint8Array((text.length + 1) >> 1);
  let count = 0;
  let value = -1;
  for (let i = 0; i <= text.length; i++) {
    const byte = i < text.length ? text[i] : SPACE;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value < 0 ? digit : value * 10 + digit;
      if (value > 255) return undefined;
    } else if (byte !== SPACE && !SEPARATORS.has(byte)) {
      return undefined;
    } else if (value >= 0) {
      pixels[count++] = value;
      value = -1;
    }
  }
  return pixels.subarray(0, count);
}

/** Gives the side of a square with this number of pixels, if it is a whole number from 16 to 1000. */
export function sideOf(count: number): number | undefined {
  const side = Math.sqrt(count);
  return Number.isInteger(side) && side >= MIN_SIDE && side <= MAX_SIDE ? side : undefined;
}

/** Makes the error that explains what is wrong with the pixels of a row. @param side of the pictures in earlier rows, if any */
export function pixelError(
  text: Uint8Array,
  side: number | undefined,
  file: string,
  row: number,
): EvopatchError {
  const values = Buffer.from(text)
    .toString()
    .split(/[\s,;[\]]+/)
    .filter(Boolean);
  const size =
    side === undefined
      ? `a square of ${MIN_SIDE}×${MIN_SIDE} to ${MAX_SIDE}×${MAX_SIDE} pixels`
      : `${side * side} pixels (${side}×${side}, like the rows before)`;
  const hint = `A face is ${size}: whole numbers from 0 to 255, separated by spaces.`;
  const bad = values.findIndex((value) => !/^\d+$/.test(value) || Number(value) > 255);
  const data = { file, row, option: 'pixels', hint };
  return bad < 0
    ? new EvopatchError('INVALID_DATA', 'wrong number of pixels', {
        ...data,
        given: `${values.length} numbers`,
      })
    : new EvopatchError('INVALID_DATA', `pixel ${bad + 1} is not a grey level`, {
        ...data,
        given: values[bad],
      });
}
