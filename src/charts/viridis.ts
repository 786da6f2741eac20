import { type Color, colorAlong } from './color-scale.ts';

/**
 * Viridis at 0, 1/15, …, 1: a colour scale whose lightness climbs evenly and that the colour-blind can read (van der
 * Walt & Smith 2015, "A better default colormap for matplotlib"; dedicated to the public domain, CC0).
 */
const STOPS = [
  0x440154, 0x481a6c, 0x472f7d, 0x414487, 0x39568c, 0x31688e, 0x2a788e, 0x23888e, 0x1f988b, 0x22a884,
  0x35b779, 0x54c568, 0x7ad151, 0xa5db36, 0xd2e21b, 0xfde725,
] as const;

/** The colour of a share; what lies outside 0–1 counts as the nearer end. */
export function viridis(share: number): Color {
  return colorAlong(STOPS, share);
}
