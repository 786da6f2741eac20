import { EvopatchError } from '../core/errors.ts';

/** Sides of the square pictures of a csv of pixels. */
const MIN_SIDE = 16;
const MAX_SIDE = 1000;
/** Four characters a pixel, and as much again for the other columns. */
export const MAX_PIXEL_LINE = 2 ** 22;

const SPACE = 0x20;
const ZERO = 0x30;
/** What may stand around the numbers: white space, commas between them, brackets around them. */
const SEPARATORS: ReadonlySet<number> = new Set([...' \t,;[]'].map((character) => character.charCodeAt(0)));

/**
 * The grey levels that a text lists: whole numbers from 0 to 255; `undefined` where something else stands there.
 *
 * The bytes are scanned as they are: making strings of them takes three times as long.
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

/** The side of a square with this number of pixels; `undefined` unless it is one from 16×16 to 1000×1000. */
export function sideOf(count: number): number | undefined {
  const side = Math.sqrt(count);
  return Number.isInteger(side) && side >= MIN_SIDE && side <= MAX_SIDE ? side : undefined;
}

/**
 * What is wrong with the pixels of a row.
 *
 * @param side of the rows before, where there are any.
 */
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
