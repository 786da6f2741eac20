import { type Color, colorAlong } from './color-scale.ts';

/**
 * Magma at 0, 1/15, …, 1, every 17th of its 256 published colours; those between are met within 3 of 255 levels. From
 * black over violet to pale yellow, its lightness climbs evenly and the colour-blind can read it (van der Walt & Smith
 * 2015, "A better default colormap for matplotlib"; dedicated to the public domain, CC0).
 */
const STOPS = [
  0x000004, 0x0b0924, 0x20114b, 0x3b0f70, 0x57157e, 0x721f81, 0x8c2981, 0xa8327d, 0xc43c75, 0xde4968,
  0xf1605d, 0xfa7f5e, 0xfe9f6d, 0xfebf84, 0xfddea0, 0xfcfdbf,
] as const;

/** The colour of a share; what lies outside 0–1 counts as the nearer end. */
export function magma(share: number): Color {
  return colorAlong(STOPS, share);
}
